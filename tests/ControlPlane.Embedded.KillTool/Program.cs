using ControlPlane.Embedded.KillTool;

return args switch
{
    ["write", var folder] => await WriteUntilKilled.RunAsync(folder),
    ["pool", "clean"] => PoolCheck.Run(escapes: false),
    ["pool", "escape"] => PoolCheck.Run(escapes: true),
    _ => throw new ArgumentException("usage: write FOLDER | pool clean | pool escape"),
};
