using ControlPlane.Silo;

return await SiloApp.RunAsync(args);
