using System.Net;
using System.Net.Sockets;

namespace ControlPlane.Silo.Wiring;

/// <summary>Whether a port can be listened on.</summary>
internal static class Ports
{
    /// <summary>What is wrong, as the end of a sentence; null when the port is free.</summary>
    public static string? Fault(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(1);
            return null;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode == SocketError.AddressAlreadyInUse ? "is in use by another process" : $"cannot be listened on: {e.Message}";
        }
    }
}
