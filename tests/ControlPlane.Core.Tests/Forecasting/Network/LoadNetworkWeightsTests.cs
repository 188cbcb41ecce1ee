using ControlPlane.Core.Forecasting.Network;

namespace ControlPlane.Core.Tests.Forecasting.Network;

public sealed class LoadNetworkWeightsTests
{
    [Fact]
    public void Load_WhatWasSaved_IsTheSame()
    {
        var weights = LoadNetworkWeights.Default;
        var copy = LoadNetworkWeights.Load(weights.Save());
        Assert.Equal(weights.Header.Traces.AsEnumerable(), copy.Header.Traces);
        Assert.Equal(weights.Header with { Traces = [] }, copy.Header with { Traces = [] });
        Assert.Equal(weights.Network.Parameters.Values.ToArray(), copy.Network.Parameters.Values.ToArray());
    }

    [Fact]
    public void Load_AnyByteChanged_IsRefused()
    {
        var bytes = LoadNetworkWeights.Default.Save();
        for (var i = 0; i < bytes.Length; i += 211)
        {
            bytes[i] ^= 0x10;
            Assert.Throws<InvalidDataException>(() => LoadNetworkWeights.Load(bytes));
            bytes[i] ^= 0x10;
        }
    }

    [Fact]
    public void Load_CutShort_IsRefused()
    {
        var bytes = LoadNetworkWeights.Default.Save();
        for (var length = 0; length < bytes.Length; length += 977) Assert.Throws<InvalidDataException>(() => LoadNetworkWeights.Load(bytes.AsSpan(0, length)));
    }

    [Fact]
    public void Load_ForeignBytes_SaysWhatTheyAreNot()
    {
        var refused = Assert.Throws<InvalidDataException>(() => LoadNetworkWeights.Load("a text that is long enough for a header"u8));
        Assert.Contains("a load network", refused.Message, StringComparison.Ordinal);
    }
}
