using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Tests.Forecasting.Models;

public sealed class ModelArtifactTests
{
    private static readonly DateTimeOffset Time = new(2026, 3, 4, 5, 6, 0, TimeSpan.Zero);

    private static readonly ModelArtifact Sample = new()
    {
        Id = ModelId.Of("lstm", "1.2.3"),
        Parameters = [new("hidden", 32), new("rate", 0.001)],
        Training = new TrainingWindow { From = Time - TimeSpan.FromDays(14), To = Time, Step = TimeSpan.FromMinutes(5), Series = 17 },
        Scores = [new("pinball", 0.0731)],
        Payload = [.. Enumerable.Range(0, 200).Select(i => (byte)(i * 37))],
    };

    [Fact]
    public void Load_WhatSaveGave_GivesTheSame()
    {
        var loaded = ModelArtifact.Load(Sample.Save(), "lstm");

        Assert.Equal((Sample.Id, Sample.Training), (loaded.Id, loaded.Training));
        Assert.Equal(Sample.Parameters.ToArray(), loaded.Parameters.ToArray());
        Assert.Equal(Sample.Scores.ToArray(), loaded.Scores.ToArray());
        Assert.Equal(Sample.Payload.ToArray(), loaded.Payload.ToArray());
        Assert.Equal(Sample.Save(), loaded.Save());
        Assert.Equal(32, loaded.Parameter("hidden"));
        Assert.Contains("lacks the parameter 'depth'", Assert.Throws<InvalidDataException>(() => loaded.Parameter("depth")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_WithoutOptionalParts_GivesTheSame()
    {
        var bare = new ModelArtifact { Id = ModelId.Of("a", "0.0.1") };
        var loaded = ModelArtifact.Load(bare.Save());

        Assert.Equal(bare.Id, loaded.Id);
        Assert.Null(loaded.Training);
        Assert.True(loaded.Parameters.IsEmpty && loaded.Scores.IsEmpty && loaded.Payload.IsEmpty);
    }

    [Fact]
    public void Load_EveryTruncatedPrefix_IsRefused()
    {
        var bytes = Sample.Save();
        for (var length = 0; length < bytes.Length; length++) Assert.Throws<InvalidDataException>(() => ModelArtifact.Load(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Load_AnyFlippedBit_IsRefused()
    {
        var bytes = Sample.Save();
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => ModelArtifact.Load(bytes));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        Assert.Equal(Sample.Id, ModelArtifact.Load(bytes).Id);
    }

    [Fact]
    public void Load_ForeignNewerDamagedAndWrongModel_SaysWhich()
    {
        AssertRefused("not the state of a model artifact", "{\"model\": 1}"u8.ToArray());
        AssertRefused("format version 2; this program reads 1 to 1", new StateWriter("CPMA", 2).ToBytes());
        AssertRefused("checksum", [.. Sample.Save()[..^1], 0]);
        AssertRefused("is of the model 'lstm', not of 'holt-winters'", Sample.Save(), "holt-winters");
        AssertRefused("at most 4194304", new byte[ModelArtifact.MaxBytes + 1]);
    }

    [Fact]
    public void Load_RightChecksumAndImpossibleContent_IsRefused()
    {
        AssertRefused("names no model", Crafted(w => w.Write("No Model")));
        AssertRefused("announces 1000000 items", Crafted(w => { w.Write("a/1.0.0"); w.Write(1_000_000); }));
        AssertRefused("'x' of a model artifact is not finite", Crafted(w => { w.Write("a/1.0.0"); w.Write(1); w.Write("x"); w.Write(double.NaN); w.Write(false); w.Write(0); w.Write(0); }));
        AssertRefused("training window", Crafted(w => { w.Write("a/1.0.0"); w.Write(0); w.Write(true); w.Write(5L); w.Write(4L); w.Write(1L); w.Write(1); w.Write(0); w.Write(0); }));
        AssertRefused("bytes are left over", Crafted(w => { w.Write("a/1.0.0"); w.Write(0); w.Write(false); w.Write(0); w.Write(0); w.Write(7L); }));
    }

    [Fact]
    public void Save_WhatLoadWouldRefuse_IsRefused()
    {
        Assert.Throws<InvalidDataException>(() => (Sample with { Scores = [new("s", double.PositiveInfinity)] }).Save());
        Assert.Throws<InvalidDataException>(() => (Sample with { Parameters = [new("", 1)] }).Save());
        Assert.Throws<InvalidDataException>(() => (Sample with { Payload = [.. new byte[ModelArtifact.MaxBytes]] }).Save());
    }

    [Theory]
    [InlineData("a/1.0.0", true)]
    [InlineData("holt-winters/0.12.345", true)]
    [InlineData("a/1.0", false)]
    [InlineData("a/1.0.01", false)]
    [InlineData("a/1.0.-1", false)]
    [InlineData("a/1.0.1234567890", false)]
    [InlineData("A/1.0.0", false)]
    [InlineData("-a/1.0.0", false)]
    [InlineData("/1.0.0", false)]
    [InlineData("a/b/1.0.0", false)]
    [InlineData(null, false)]
    public void TryParse_OfAModelId_TakesOnlyNameAndVersion(string? text, bool isId)
    {
        Assert.Equal(isId, ModelId.TryParse(text, out var id));
        if (isId) Assert.Equal(text, id!.ToString());
    }

    [Fact]
    public void CompareTo_OfVersions_IsByNumber()
    {
        string[] texts = ["0.9.9", "0.10.0", "1.0.0", "1.0.2", "1.0.10", "2.0.0"];
        var versions = texts.Select(t => SemanticVersion.TryParse(t, out var v) ? v : default).ToArray();
        Assert.Equal(versions, versions.Order());
    }

    private static byte[] Crafted(Action<StateWriter> write)
    {
        var writer = new StateWriter("CPMA", 1);
        write(writer);
        return writer.ToBytes();
    }

    private static void AssertRefused(string part, byte[] bytes, string? name = null) =>
        Assert.Contains(part, Assert.Throws<InvalidDataException>(() => ModelArtifact.Load(bytes, name)).Message, StringComparison.Ordinal);
}
