using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ControlPlane.Silo.Configuration;
using ControlPlane.Silo.Wiring;

namespace ControlPlane.Silo.Tests.Wiring;

public sealed class SiloTlsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("controlplane-test-");

    [Fact]
    public void Faults_OfACertificateThatSignedItself_AreNone()
    {
        var (certificate, key) = Write("own", Make());

        Assert.Empty(SiloTls.Faults(new TlsSettings { Certificate = certificate, Key = key, Authority = certificate }));
        Assert.Empty(SiloTls.Faults(new TlsSettings { Certificate = WritePkcs12("own.pfx", Make(), "pass", out var authority), Password = "pass", Authority = authority }));
        Assert.Empty(SiloTls.Faults(new TlsSettings()));
    }

    [Fact]
    public void Faults_OfAnothersCertificate_NameTheRule()
    {
        var (certificate, key) = Write("own", Make());
        var (other, otherKey) = Write("other", Make());

        AssertOne(new TlsSettings { Certificate = certificate, Key = key, Authority = other }, "Certificate", "is not accepted");
        AssertOne(new TlsSettings { Certificate = certificate, Key = otherKey, Authority = certificate }, "Certificate", "cannot be read with the key");
        AssertOne(new TlsSettings { Certificate = certificate, Key = key }, "Authority is empty", "");
        AssertOne(new TlsSettings { Certificate = certificate, Key = "/nowhere/key", Authority = certificate }, "Key: there is no file '/nowhere/key'", "");
        AssertOne(new TlsSettings { Authority = certificate }, "Authority", "nothing is encrypted");
    }

    [Fact]
    public void Faults_OfAnUnfitCertificate_NameTheRule()
    {
        var (expired, expiredKey) = Write("expired", Make(end: DateTimeOffset.UnixEpoch.AddYears(40)));
        var (server, serverKey) = Write("server", Make(uses: ["1.3.6.1.5.5.7.3.1"]));
        var text = Path.Combine(_folder.FullName, "text");
        File.WriteAllText(text, "no certificate");

        AssertOne(new TlsSettings { Certificate = expired, Key = expiredKey, Authority = expired }, "Certificate", "is not accepted");
        AssertOne(new TlsSettings { Certificate = server, Key = serverKey, Authority = server }, "Certificate", "not for both server and client");
        AssertOne(new TlsSettings { Certificate = text, Authority = server }, "Certificate", "cannot be read");
        AssertOne(new TlsSettings { Certificate = server, Key = serverKey, Authority = text }, "Authority", "holds no certificate");
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static void AssertOne(TlsSettings tls, string start, string part)
    {
        var fault = Assert.Single(SiloTls.Faults(tls));
        Assert.StartsWith(start, fault, StringComparison.Ordinal);
        Assert.Contains(part, fault, StringComparison.Ordinal);
    }

    private static X509Certificate2 Make(DateTimeOffset? end = null, string[]? uses = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=controlplane-silo", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. (uses ?? ["1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"]).Select(u => new Oid(u))], critical: false));
        return request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(30), end ?? DateTimeOffset.UnixEpoch.AddYears(200));
    }

    private (string Certificate, string Key) Write(string name, X509Certificate2 certificate)
    {
        var (file, key) = (Path.Combine(_folder.FullName, name + ".pem"), Path.Combine(_folder.FullName, name + ".key"));
        File.WriteAllText(file, certificate.ExportCertificatePem());
        File.WriteAllText(key, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return (file, key);
    }

    private string WritePkcs12(string name, X509Certificate2 certificate, string password, out string authority)
    {
        authority = Path.Combine(_folder.FullName, name + ".pem");
        File.WriteAllText(authority, certificate.ExportCertificatePem());
        var file = Path.Combine(_folder.FullName, name);
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, password));
        return file;
    }
}
