namespace ControlPlane.Silo.Configuration;

/// <summary>Encryption between silos, both sides showing a certificate; section <c>ControlPlane:Tls</c>.</summary>
public sealed record TlsSettings
{
    /// <summary>File with the silo's certificate: PEM, or PKCS#12 with its key (<c>.pfx</c>, <c>.p12</c>). Empty: no encryption.</summary>
    public string Certificate { get; init; } = "";

    /// <summary>File with the key of a PEM certificate; empty: it is in the certificate's file.</summary>
    public string Key { get; init; } = "";

    /// <summary>Password of the PKCS#12 file or the key; empty: none.</summary>
    public string Password { get; init; } = "";

    /// <summary>
    /// PEM file with the authorities whose certificates make a silo; they should sign nothing but silos, as names are not compared. A certificate
    /// that signed itself is its own authority.
    /// </summary>
    public string Authority { get; init; } = "";

    /// <summary>Whether silos encrypt.</summary>
    public bool IsOn => Certificate.Length > 0;
}
