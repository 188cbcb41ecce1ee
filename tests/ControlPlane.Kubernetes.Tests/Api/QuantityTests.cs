using System.Text.Json;
using ControlPlane.Kubernetes.Api;

namespace ControlPlane.Kubernetes.Tests.Api;

public sealed class QuantityTests
{
    [Theory]
    [InlineData("0", "0", 0)]
    [InlineData("1", "1", 1000)]
    [InlineData("100m", "100m", 100)]
    [InlineData("0.1", "100m", 100)]
    [InlineData("1500m", "1500m", 1500)]
    [InlineData("1.5", "1500m", 1500)]
    [InlineData(".5", "500m", 500)]
    [InlineData("5.", "5", 5000)]
    [InlineData("+3", "3", 3000)]
    [InlineData("-250m", "-250m", -250)]
    [InlineData("1n", "1n", 1)]
    [InlineData("-1n", "-1n", -1)]
    [InlineData("1u", "1u", 1)]
    [InlineData("1000001u", "1000001u", 1001)]
    [InlineData("123456789n", "123456789n", 124)]
    [InlineData("2k", "2k", 2_000_000)]
    [InlineData("2000", "2k", 2_000_000)]
    [InlineData("3M", "3M", 3_000_000_000)]
    [InlineData("1G", "1G", 1_000_000_000_000)]
    [InlineData("1T", "1T", 1_000_000_000_000_000)]
    [InlineData("1P", "1P", 1_000_000_000_000_000_000)]
    [InlineData("1Ki", "1Ki", 1_024_000)]
    [InlineData("1024Ki", "1Mi", 1_048_576_000)]
    [InlineData("1.5Gi", "1536Mi", 1_610_612_736_000)]
    [InlineData("0.5Ki", "512", 512_000)]
    [InlineData("0.1Ki", "102400m", 102_400)]
    [InlineData("1e3", "1e3", 1_000_000)]
    [InlineData("12E6", "12e6", 12_000_000_000)]
    [InlineData("1e-3", "1e-3", 1)]
    [InlineData("1.5e1", "15", 15_000)]
    [InlineData("1Ti", "1Ti", 1_099_511_627_776_000)]
    [InlineData("1Pi", "1Pi", 1_125_899_906_842_624_000)]
    public void Parse_ValidText_GivesCanonicalTextAndMilli(string text, string canonical, long milli)
    {
        var quantity = Quantity.Parse(text);
        Assert.Equal(canonical, quantity.ToString());
        Assert.Equal(milli, quantity.ToMilli());
    }

    [Theory]
    [InlineData("1E", "1E", 1_000_000_000_000_000_000)]
    [InlineData("1Ei", "1Ei", 1_152_921_504_606_846_976)]
    [InlineData("8Ei", "9223372036854775807", long.MaxValue)]
    [InlineData("-100E", "-9223372036854775807", -long.MaxValue)]
    [InlineData("99999999999999999999", "9223372036854775807", long.MaxValue)]
    public void Parse_HugeText_IsCapped(string text, string canonical, long units)
    {
        Assert.Equal(canonical, Quantity.Parse(text).ToString());
        Assert.Equal(units, Quantity.Parse(text).ToUnits());
        Assert.Equal(units > 0 ? long.MaxValue : long.MinValue, Quantity.Parse(text).ToMilli());
    }

    [Theory]
    [InlineData("0.0000000001", 1)]
    [InlineData("1.0000000001", 1_000_000_001)]
    public void Parse_FinerThanNano_RoundsUp(string text, long nanos) => Assert.Equal(Quantity.Parse($"{nanos}n"), Quantity.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(" 1")]
    [InlineData("m")]
    [InlineData("1.2.3")]
    [InlineData("1ki")]
    [InlineData("1K")]
    [InlineData("1mi")]
    [InlineData("--1")]
    [InlineData("1e")]
    [InlineData("1e1000")]
    [InlineData("1 Mi")]
    [InlineData("NaN")]
    [InlineData(".")]
    public void TryParse_InvalidText_IsFalse(string text)
    {
        Assert.False(Quantity.TryParse(text, out _));
        Assert.Contains(text, Assert.Throws<FormatException>(() => Quantity.Parse(text)).Message);
    }

    [Fact]
    public void ToString_AnyValue_ReadsBackEqual()
    {
        var random = new Random(7);
        string[] suffixes = ["n", "u", "m", "", "k", "M", "G", "Ki", "Mi", "Gi", "e2", "e-2"];
        for (var i = 0; i < 2000; i++)
        {
            var quantity = Quantity.Parse($"{random.Next(-5000, 5000)}.{random.Next(0, 1000)}{suffixes[random.Next(suffixes.Length)]}");
            Assert.Equal(quantity, Quantity.Parse(quantity.ToString()));
        }
    }

    [Fact]
    public void Serialize_QuantityInDictionary_IsText()
    {
        var json = """{"name":"a","usage":{"cpu":"250m","memory":128974848,"other":0.5}}""";
        var read = JsonSerializer.Deserialize<ContainerMetrics>(json, KubernetesJson.Options)!;
        Assert.Equal(0.25, read.Usage!["cpu"].ToDouble());
        Assert.Equal(128974848, read.Usage["memory"].ToUnits());
        Assert.Equal(500, read.Usage["other"].ToMilli());
        Assert.Equal("""{"name":"a","usage":{"cpu":"250m","memory":"128974848","other":"500m"}}""", JsonSerializer.Serialize(read, KubernetesJson.Options));
    }

    [Fact]
    public void FromDouble_Fraction_RoundsUpToMilli()
    {
        Assert.Equal("1235m", Quantity.FromDouble(1.2341).ToString());
        Assert.Throws<ArgumentOutOfRangeException>(() => Quantity.FromDouble(double.NaN));
    }

    [Fact]
    public void Add_Quantities_IsExact() => Assert.Equal("300m", (Quantity.Parse("100m") + Quantity.Parse("0.2")).ToString());
}
