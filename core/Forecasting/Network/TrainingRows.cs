namespace ControlPlane.Core.Forecasting.Network;

/// <summary>Examples for the load network, a row each; bounded by its capacity.</summary>
internal sealed class TrainingRows(int capacity)
{
    private const int InputCount = LoadNetwork.Inputs;
    private const int GuideCount = LoadFeatures.GuideCount;
    private readonly List<float[]> _blocks = [];

    /// <summary>Floats of a row: the inputs, the guides, the scale, the change that came, the weight.</summary>
    private const int Width = InputCount + GuideCount + 3;

    private const int RowsPerBlock = 4096;

    public int Count { get; private set; }

    public bool IsFull => Count >= capacity;

    public ReadOnlySpan<float> Inputs(int row) => Row(row)[..InputCount];

    public ReadOnlySpan<float> Guides(int row) => Row(row).Slice(InputCount, GuideCount);

    public float Scale(int row) => Row(row)[InputCount + GuideCount];

    public float Change(int row) => Row(row)[InputCount + GuideCount + 1];

    public float Weight(int row) => Row(row)[InputCount + GuideCount + 2];

    /// <summary>Multiplies a row's weight.</summary>
    public void Weigh(int row, float factor) => Row(row)[InputCount + GuideCount + 2] *= factor;

    /// <summary>Appends a row unless it is full or holds a number that is not finite.</summary>
    public void Add(ReadOnlySpan<float> shared, ReadOnlySpan<float> own, ReadOnlySpan<float> guides, double scale, double change, double weight)
    {
        if (IsFull || !(double.IsFinite(change) && double.IsFinite(weight) && double.IsFinite(scale))) return;
        if (Count % RowsPerBlock == 0 && Count / RowsPerBlock == _blocks.Count) _blocks.Add(new float[RowsPerBlock * Width]);
        var row = Row(Count);
        shared.CopyTo(row);
        own.CopyTo(row[LoadFeatures.Shared..]);
        guides.CopyTo(row[InputCount..]);
        (row[InputCount + GuideCount], row[InputCount + GuideCount + 1], row[InputCount + GuideCount + 2]) = ((float)scale, (float)change, (float)weight);
        foreach (var number in row)
        {
            if (!float.IsFinite(number)) return;
        }

        Count++;
    }

    private Span<float> Row(int row) => _blocks[row / RowsPerBlock].AsSpan(row % RowsPerBlock * Width, Width);
}
