using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

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
            LaneBytes += ModalityTable.Of(positions[row].Modality).LaneBytesOf(rows[row].Span);
            Fingers += positions[row].Modality switch
            {
                Modality.Finger => 1,
                Modality.Iris => 0,
            };
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

    /// <summary>
    /// Modalities come in the order of <see cref="ModalityTable"/>, fingers before irises, and in each of them rows
    /// in the order of the samples.
    /// </summary>
    public BiometricPosition PositionOf(int row) => positions[row];

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
            views += sample.Value.Count;
        }

        // Counted before anything is prepared, which is what costs.
        if (views > Limits.RowsPerEncounter)
        {
            return new Rejection(-1, $"{views} views and codes", $"at most {Limits.RowsPerEncounter} an encounter");
        }

        PlacedRow[] rows =
            [.. ModalityTable.All.SelectMany(rules => decoded.SelectMany(sample => rules.Rows(sample)))];
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
            return ModalityTable.Of(position.Modality).RowBytesAt(row);
        }
        catch (ArgumentException wrong)
        {
            throw new InvalidDataException(wrong.Message, wrong);
        }
    }
}
