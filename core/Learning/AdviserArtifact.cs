using System.Collections.Immutable;
using ControlPlane.Core.Forecasting.Models;
using ControlPlane.Core.Metrics.State;

namespace ControlPlane.Core.Learning;

/// <summary>Advisers as artifacts, see <see cref="ModelArtifact"/>: a table or a committee of networks.</summary>
internal static class AdviserArtifact
{
    private const string Kind = "CPAD";
    private const ushort FormatVersion = 1;
    private const string Features = "features";
    private const string Moves = "moves";
    private const string Caution = "caution";
    private const string Released = "released";
    private const int MostNetworks = 64;

    /// <summary>The artifact of an adviser.</summary>
    /// <param name="model">The adviser.</param>
    /// <param name="training">What it was trained on.</param>
    /// <param name="scores">How it fared on demands that it had not been trained on.</param>
    public static ModelArtifact Of(AdviserModel model, TrainingWindow? training, ImmutableArray<NamedValue> scores) => new()
    {
        Id = model.Id,
        Parameters = [new(Features, AdviserFeatures.Names.Length), new(Moves, AdviserMove.All.Length), new(Caution, model.Caution), new(Released, model.IsReleased ? 1 : 0)],
        Training = training,
        Scores = scores,
        Payload = [.. Write(model.Values)],
    };

    /// <summary>The adviser of an artifact.</summary>
    /// <exception cref="InvalidDataException">It is another model's, or of another shape.</exception>
    public static AdviserModel Read(ModelArtifact artifact)
    {
        var name = artifact.Id.Name;
        if (name is not (AdviserKinds.Table or AdviserKinds.Dqn)) throw new InvalidDataException($"The artifact is of the model '{name}', not of an adviser ({AdviserKinds.Table}, {AdviserKinds.Dqn}).");
        Require(artifact, Features, AdviserFeatures.Names.Length);
        Require(artifact, Moves, AdviserMove.All.Length);
        var reader = new StateReader(artifact.Payload.AsSpan(), Kind, FormatVersion, "an adviser");
        IActionValues values = name == AdviserKinds.Table ? ReadTable(ref reader) : ReadNetworks(ref reader);
        reader.End();
        return new AdviserModel(artifact.Id, values, artifact.Parameter(Caution), artifact.Parameter(Released) > 0);
    }

    private static void Require(ModelArtifact artifact, string parameter, int expected)
    {
        if (artifact.Parameter(parameter) != expected) throw new InvalidDataException($"The adviser {artifact.Id} has {artifact.Parameter(parameter)} {parameter}; this program's have {expected}.");
    }

    private static byte[] Write(IActionValues values)
    {
        var writer = new StateWriter(Kind, FormatVersion, 1 << 16);
        if (values is QTable table)
        {
            var (means, squares, visits) = table.Cells;
            writer.Write(means.Length);
            foreach (var cells in (double[][])[means, squares, visits])
                foreach (var cell in cells) writer.Write((float)cell);
            return writer.ToBytes();
        }

        var networks = ((QCommittee)values).Networks;
        writer.Write(networks.Length);
        foreach (var network in networks)
        {
            writer.Write(network.Parameters.Count);
            writer.Write((ReadOnlySpan<float>)network.Parameters.Values);
        }

        return writer.ToBytes();
    }

    private static QTable ReadTable(ref StateReader reader)
    {
        var table = new QTable(StateGrid.OfAdviser, AdviserMove.All.Length);
        var (means, squares, visits) = table.Cells;
        var count = reader.ReadInt32();
        if (count != means.Length) throw reader.Flaw($"its table has {count} cells and not {means.Length}");
        foreach (var cells in (double[][])[means, squares, visits])
        {
            for (var i = 0; i < cells.Length; i++)
            {
                cells[i] = reader.ReadSingle();
                if (!double.IsFinite(cells[i])) throw reader.Flaw("a cell is not a number");
            }
        }

        return table;
    }

    private static QCommittee ReadNetworks(ref StateReader reader)
    {
        var networks = new QNetwork[reader.ReadCount(sizeof(int))];
        if (networks.Length is 0 or > MostNetworks) throw reader.Flaw($"it has {networks.Length} networks");
        for (var i = 0; i < networks.Length; i++)
        {
            networks[i] = new QNetwork(AdviserFeatures.Names.Length, AdviserMove.All.Length, 0);
            var count = reader.ReadInt32();
            if (count != networks[i].Parameters.Count) throw reader.Flaw($"a network has {count} weights and not {networks[i].Parameters.Count}");
            reader.Read(networks[i].Parameters.Values);
            foreach (var weight in networks[i].Parameters.Values)
                if (!float.IsFinite(weight)) throw reader.Flaw("a weight is not a number");
        }

        return new QCommittee([.. networks]);
    }
}
