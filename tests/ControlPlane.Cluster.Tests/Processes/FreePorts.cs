using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Cluster.Tests.Processes;

/// <summary>Ports of 127.0.0.1 that nobody listens on; each is given once.</summary>
internal static class FreePorts
{
    private static readonly HashSet<int> Taken = [];

    public static int Take()
    {
        lock (Taken)
        {
            while (true)
            {
                using var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                var port = ((IPEndPoint)listener.LocalEndpoint).Port;
                if (Taken.Add(port)) return port;
            }
        }
    }
}
