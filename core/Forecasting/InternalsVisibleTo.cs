using System.Runtime.CompilerServices;

[assembly: InternalsVisibleTo("ControlPlane.Benchmarks")]
[assembly: InternalsVisibleTo("ControlPlane.Core.Tests")]
