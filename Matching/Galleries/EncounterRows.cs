using MatchCluster.Matching.Fingers;
using MatchCluster.Matching.Irises;
using MatchCluster.Matching.Irises.Blocks;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// The rows of one encounter, made once and off the writer: what is appended to a segment when its record is
/// durable.
/// </summary>
internal sealed class EncounterRows
{
    private readonly BiometricPosition[] positions;
    private readonly ReadOnlyMemory<byte>[] rows;

    private EncounterRows(BiometricPosition[] positions, ReadOnlyMemory<byte>[] rows)
    {
        this.positions = positions;
        this.rows = rows;
        for (int row = 0; row < rows.Length; row++)
        {
            Bytes += rows[row].Length;
            if (positions[row].Modality == Modality.Finger)
            {
                Fingers++;
            }
            else
            {
                ReadOnlySpan<byte> iris = rows[row].Span;
                LaneBytes += IrisBlock.BytesPerEye(IrisRow.ShapeOf(iris), IrisRow.HasSharedMask(iris));
            }
        }

        Bytes += Fingers > 0 ? RowArena.MostGap : 0;
    }

    public int Count => rows.Length;

    /// <summary>Rows of fingers; they come first.</summary>
    public int Fingers { get; }

    /// <summary>Bytes of every row together, and of the gap before those of fingers that is at most needed.</summary>
    public int Bytes { get; }

    /// <summary>Bytes of the irises once more, as lanes of blocks.</summary>
    public int LaneBytes { get; }

    /// <summary>Fingers come first, then irises, each in the order of the samples.</summary>
    public BiometricPosition PositionOf(int row) => positions[row];

    /// <summary>Fingers begin at a cache line for their kernels; irises are unpacked before a comparison.</summary>
    public static int AlignmentOf(BiometricPosition position) =>
        position.Modality == Modality.Finger ? RowArena.MostAlignment : sizeof(ulong);

    public ReadOnlySpan<byte> Row(int row) => rows[row].Span;

    /// <summary>
    /// Decodes every sample and builds its rows, or says which sample is not what it claims. What nothing can be
    /// compared with (<see cref="SearchableSamples"/>) becomes no row: it would count as compared and found different.
    /// </summary>
    public static Decoded<EncounterRows> Build(IReadOnlyList<Sample> samples)
    {
        List<DecodedSample> decoded = [];
        int views = 0;
        for (int i = 0; i < samples.Count; i++)
        {
            Decoded<DecodedSample> sample = SampleDecoder.Decode(samples[i], i);
            if (!sample.IsAccepted)
            {
                return sample.Rejection;
            }

            decoded.Add(sample.Value);
            views += sample.Value.Fingers.Count + sample.Value.Irises.Count;
        }

        // Counted before anything is prepared, which is what costs.
        if (views > Limits.RowsPerEncounter)
        {
            return new Rejection(-1, $"{views} views and codes", $"at most {Limits.RowsPerEncounter} an encounter");
        }

        List<(BiometricPosition Position, ReadOnlyMemory<byte> Row)> rows = [];
        foreach (FingerView view in decoded.SelectMany(sample => sample.Fingers))
        {
            FingerTemplate finger = FingerTemplate.Prepare(view);
            if (ProbeBuilder.Insufficient(finger) is null)
            {
                rows.Add((view.Position, finger.RowMemory));
            }
        }

        foreach (IrisCode code in decoded.SelectMany(sample => sample.Irises))
        {
            if (ProbeBuilder.Insufficient(code) is null)
            {
                byte[] row = new byte[IrisRow.BytesOf(code)];
                IrisRow.Write(code, row);
                rows.Add((code.Position, row));
            }
        }

        return new EncounterRows([.. rows.Select(each => each.Position)], [.. rows.Select(each => each.Row)]);
    }

    /// <summary>
    /// Rows that were made before, each after the code of its position. They keep using the memory of the
    /// image.
    /// </summary>
    /// <exception cref="InvalidDataException">They are no rows.</exception>
    public static EncounterRows FromImage(ReadOnlyMemory<byte> image)
    {
        List<BiometricPosition> positions = [];
        List<ReadOnlyMemory<byte>> rows = [];
        while (image.Length > 0)
        {
            if (!BiometricPosition.TryFromCode(image.Span[0], out BiometricPosition? position))
            {
                throw new InvalidDataException($"a row of position {image.Span[0]}");
            }

            ReadOnlyMemory<byte> left = image[1..];
            int length = LengthOf(position.Value, left.Span);
            if (length > left.Length)
            {
                throw new InvalidDataException($"a row of {length} bytes where {left.Length} are left");
            }

            positions.Add(position.Value);
            rows.Add(left[..length]);
            image = left[length..];
        }

        return new EncounterRows([.. positions], [.. rows]);
    }

    /// <summary>Bytes of the row that begins here.</summary>
    public static int LengthOf(BiometricPosition position, ReadOnlySpan<byte> row)
    {
        try
        {
            return position.Modality == Modality.Finger ? FingerTemplate.RowBytesAt(row) : IrisRow.LengthOf(row);
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException(wrong.Message, wrong);
        }
    }
}
