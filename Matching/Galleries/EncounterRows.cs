using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// The rows of one encounter, built once and off the writer: what is appended to a segment when its record is
/// durable.
/// </summary>
internal sealed class EncounterRows
{
    private readonly FingerTemplate[] fingers;
    private readonly IrisCode[] irises;
    private readonly BiometricPosition[] positions;

    private EncounterRows(FingerTemplate[] fingers, IrisCode[] irises, BiometricPosition[] positions)
    {
        this.fingers = fingers;
        this.irises = irises;
        this.positions = positions;
        Bytes = fingers.Sum(f => f.RowBytes) + irises.Sum(IrisRow.BytesOf)
            + (fingers.Length > 0 ? RowArena.MostGap : 0);
        LaneBytes = irises.Sum(SegmentEyes.BytesOf);
    }

    public int Count => positions.Length;

    /// <summary>Rows of fingers; they come first.</summary>
    public int Fingers => fingers.Length;

    /// <summary>Bytes of every row together, and of the gap before those of fingers that is at most needed.</summary>
    public int Bytes { get; }

    /// <summary>Bytes of the irises once more, as lanes of blocks.</summary>
    public int LaneBytes { get; }

    /// <summary>Fingers come first, then irises, each in the order of the samples.</summary>
    public BiometricPosition PositionOf(int row) => positions[row];

    /// <summary>Fingers begin at a cache line for their kernels; irises are unpacked before a comparison.</summary>
    public int AlignmentOf(int row) => row < fingers.Length ? RowArena.MostAlignment : sizeof(ulong);

    public int BytesOf(int row) =>
        row < fingers.Length ? fingers[row].RowBytes : IrisRow.BytesOf(irises[row - fingers.Length]);

    public void Write(int row, Span<byte> into)
    {
        if (row < fingers.Length)
        {
            fingers[row].WriteRow(into);
        }
        else
        {
            IrisRow.Write(irises[row - fingers.Length], into);
        }
    }

    /// <summary>Decodes every sample and builds its rows, or says which sample is not what it claims.</summary>
    public static Decoded<EncounterRows> Build(IReadOnlyList<Sample> samples)
    {
        List<(BiometricPosition Position, FingerTemplate Template)> fingers = [];
        List<IrisCode> irises = [];
        for (int i = 0; i < samples.Count; i++)
        {
            Decoded<DecodedSample> decoded = SampleDecoder.Decode(samples[i], i);
            if (!decoded.IsAccepted)
            {
                return decoded.Rejection;
            }

            fingers.AddRange(decoded.Value.Fingers.Select(v => (v.Position, FingerTemplate.Prepare(v))));
            irises.AddRange(decoded.Value.Irises);
        }

        int rows = fingers.Count + irises.Count;
        if (rows > Limits.RowsPerEncounter)
        {
            return new Rejection(-1, $"{rows} views and codes", $"at most {Limits.RowsPerEncounter} an encounter");
        }

        return new EncounterRows(
            [.. fingers.Select(f => f.Template)],
            [.. irises],
            [.. fingers.Select(f => f.Position), .. irises.Select(i => i.Position)]);
    }
}
