using System.Collections.Immutable;
using System.Text;
using ControlPlane.Embedded.Storage;

namespace ControlPlane.Embedded.Tests.Storage;

public sealed class JsonGrainStorageSerializerTests
{
    private readonly JsonGrainStorageSerializer _serializer = new();

    public enum Colour
    {
        Red,
        Blue,
    }

    [Fact]
    public void Deserialize_WhatWasSerialized_GivesTheSameValues()
    {
        var state = new State
        {
            Name = "x",
            Numbers = [1.5f, float.NaN, float.PositiveInfinity],
            Colour = Colour.Blue,
            Time = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.FromHours(2)),
            Wait = TimeSpan.FromTicks(123456789),
            Parts = [new Part("a", 0.1), new Part("b", null)],
        };

        var again = _serializer.Deserialize<State>(_serializer.Serialize(state))!;

        Assert.Equal(_serializer.Serialize(state).ToString(), _serializer.Serialize(again).ToString());
        Assert.Equal(state.Numbers.AsEnumerable(), again.Numbers);
        Assert.Equal(state.Parts.AsEnumerable(), again.Parts);
        Assert.Equal((state.Name, state.Colour, state.Time, state.Wait), (again.Name, again.Colour, again.Time, again.Wait));
    }

    [Fact]
    public void Serialize_ArrayNeverSet_IsReadAsNeverSet()
    {
        var again = _serializer.Deserialize<State>(_serializer.Serialize(new State { Numbers = default }))!;

        Assert.True(again.Numbers.IsDefault);
    }

    [Fact]
    public void Deserialize_UnknownAndMissingMembers_AreSkippedAndDefaulted()
    {
        var old = new BinaryData(Encoding.UTF8.GetBytes("""{"Name":"old","Retired":{"deep":[1,2]},"Colour":"Blue"}"""));

        var state = _serializer.Deserialize<State>(old)!;

        Assert.Equal(("old", Colour.Blue), (state.Name, state.Colour));
        Assert.Empty(state.Parts);
    }

    public sealed record Part(string Name, double? Weight);

    public sealed record State
    {
        public string? Name { get; init; }

        public ImmutableArray<float> Numbers { get; init; } = [];

        public Colour Colour { get; init; }

        public DateTimeOffset Time { get; init; }

        public TimeSpan Wait { get; init; }

        public ImmutableArray<Part> Parts { get; init; } = [];
    }
}
