using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ControlPlane.Silo.Configuration;
using Orleans.Connections.Security;
using Orleans.Hosting;

namespace ControlPlane.Silo.Wiring;

/// <summary>Encryption between silos: each side shows a certificate of the silos' own authority.</summary>
internal static class SiloTls
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";

    /// <summary>Name that a silo asks for; it is not compared, since silos reach each other by address.</summary>
    private const string Host = "controlplane-silo";

    /// <summary>What is wrong, each as <c>Property rest of a sentence</c>.</summary>
    public static IEnumerable<string> Faults(TlsSettings tls)
    {
        if (!tls.IsOn)
        {
            if (tls.Key.Length > 0) yield return $"Key '{tls.Key}' has no certificate: Tls:Certificate is empty";
            if (tls.Authority.Length > 0) yield return $"Authority '{tls.Authority}' has no use: Tls:Certificate is empty, so nothing is encrypted";
            yield break;
        }
        if (tls.Authority.Length == 0) yield return "Authority is empty: a silo must know whose certificates make a silo";
        var missing = Missing("Certificate", tls.Certificate) ?? Missing("Key", tls.Key) ?? Missing("Authority", tls.Authority);
        if (missing is not null) yield return missing;
        else if (tls.Authority.Length > 0 && CertificateFault(tls) is { } fault) yield return fault;
    }

    public static void Use(ISiloBuilder silo, TlsSettings tls)
    {
        var authorities = Authorities(tls);
        silo.UseTls(Load(tls), options =>
        {
            options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
            options.ClientCertificateMode = RemoteCertificateMode.RequireCertificate;
            options.RemoteCertificateValidation = (certificate, chain, _) => IsOfSilo(certificate, chain, authorities);
            options.OnAuthenticateAsClient = (_, client) => client.TargetHost = Host;
        });
    }

    private static string? Missing(string property, string file) => file.Length == 0 || File.Exists(file) ? null : $"{property}: there is no file '{file}'";

    private static string? CertificateFault(TlsSettings tls)
    {
        try
        {
            var authorities = Authorities(tls);
            if (authorities.Count == 0) return $"Authority '{tls.Authority}' holds no certificate";
            using var certificate = Load(tls);
            if (!certificate.HasPrivateKey) return $"Certificate '{tls.Certificate}' has no private key";
            var uses = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault()?.EnhancedKeyUsages.Cast<Oid>().Select(o => o.Value).ToArray();
            if (uses is not null && !(uses.Contains(ServerUse) && uses.Contains(ClientUse)))
                return $"Certificate '{tls.Certificate}' is not for both server and client authentication: a silo is both";
            using var chain = new X509Chain();
            return Builds(chain, certificate, authorities) ? null
                : $"Certificate '{tls.Certificate}' is not accepted: {string.Join("; ", chain.ChainStatus.Select(s => s.StatusInformation.Trim()))}";
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"Certificate '{tls.Certificate}' cannot be read{(tls.Key.Length > 0 ? $" with the key '{tls.Key}'" : "")}: {e.Message}";
        }
    }

    private static X509Certificate2 Load(TlsSettings tls)
    {
        var password = tls.Password.Length > 0 ? tls.Password : null;
        if (Path.GetExtension(tls.Certificate).ToLowerInvariant() is ".pfx" or ".p12") return X509CertificateLoader.LoadPkcs12FromFile(tls.Certificate, password);
        var key = tls.Key.Length > 0 ? tls.Key : null;
        return password is null ? X509Certificate2.CreateFromPemFile(tls.Certificate, key) : X509Certificate2.CreateFromEncryptedPemFile(tls.Certificate, password, key);
    }

    private static X509Certificate2Collection Authorities(TlsSettings tls)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(tls.Authority);
        return authorities;
    }

    /// <summary>Names are not compared: a pod's address changes, and the authority signs nothing but silos.</summary>
    private static bool IsOfSilo(X509Certificate2 certificate, X509Chain? sent, X509Certificate2Collection authorities)
    {
        using var chain = new X509Chain();
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>()) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        return Builds(chain, certificate, authorities);
    }

    private static bool Builds(X509Chain chain, X509Certificate2 certificate, X509Certificate2Collection authorities)
    {
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        return chain.Build(certificate);
    }
}
