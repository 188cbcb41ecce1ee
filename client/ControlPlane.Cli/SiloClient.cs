namespace ControlPlane.Cli;

/// <summary>Reaches a silo's HTTP API.</summary>
internal static class SiloClient
{
    /// <summary>A client of the silo at an address.</summary>
    /// <exception cref="CommandException">The text is no address.</exception>
    public static HttpClient Connect(string address)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
            throw new CommandException($"--silo: '{address}' is no address such as http://127.0.0.1:8080");
        return new HttpClient { BaseAddress = new Uri(uri.GetLeftPart(UriPartial.Path).TrimEnd('/') + "/") };
    }
}
