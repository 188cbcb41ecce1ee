using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Tests.Forecasting.Network;

public sealed class CorrectionWeightsTests
{
    [Fact]
    public void Load_WhatWasSaved_IsTheSame()
    {
        var weights = CorrectionWeights.Default;
        var copy = CorrectionWeights.Load(weights.Save());
        Assert.Equal(weights.Header.Traces.AsEnumerable(), copy.Header.Traces);
        Assert.Equal(weights.Header with { Traces = [] }, copy.Header with { Traces = [] });
        Assert.Equal(weights.Save(), copy.Save());
    }

    [Fact]
    public void Load_AnyByteChanged_IsRefused()
    {
        var bytes = CorrectionWeights.Default.Save();
        for (var i = 0; i < bytes.Length; i += 4001)
        {
            bytes[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => CorrectionWeights.Load(bytes));
            bytes[i] ^= 0x10;
        }
    }

    [Fact]
    public void Load_CutShort_IsRefused()
    {
        var bytes = CorrectionWeights.Default.Save();
        for (var length = 0; length < bytes.Length; length += 20011) Assert.Throws<InvalidDataException>(() => CorrectionWeights.Load(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Load_ForeignBytes_SaysWhatTheyAreNot()
    {
        var refused = Assert.Throws<InvalidDataException>(() => CorrectionWeights.Load("a text that is long enough for a header"u8));
        Assert.Contains("a correction network", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Default_ShippedWeights_CorrectAndAreSmall()
    {
        var weights = CorrectionWeights.Default;
        Assert.InRange(weights.Header.ValidationLoss, 0.5, 0.99);
        Assert.NotEmpty(weights.Header.Traces);
        Assert.InRange(weights.Save().Length, 1, 1024 * 1024);
    }
}
