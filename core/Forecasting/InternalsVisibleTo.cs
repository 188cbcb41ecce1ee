using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ControlPlane.Core.Tests")]
