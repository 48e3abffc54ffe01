using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Storage;

/// <summary>
/// What is missing of the captures of an encounter, written after its samples since version 2: count (1, at
/// least 1), then each as modality (1), presence (1: bit 0 place, bit 1 instance, bit 2 sample), place and
/// instance (texts) and index of the sample (1) where present, number of parts (1), each as presence (1: bit
/// 0 place, bit 1 reason), place (text) and reason (1) where present.
/// </summary>
internal static class MissingCodec
{
    private const int HasPlace = 1;
    private const int HasInstance = 2;
    private const int HasSample = 4;
    private const int HasReason = 2;
    private const int MinReason = (int)MissingReason.Bandaged;
    private const int MaxReason = (int)MissingReason.Damaged;

    public static void WriteAll(FrameWriter writer, IReadOnlyList<MissingItem> items)
    {
        writer.Small("number of missing items", items.Count, 1, Limits.SamplesPerEncounter);
        foreach (MissingItem item in items)
        {
            Write(writer, item);
        }
    }

    public static List<MissingItem> ReadAll(ref FrameReader reader)
    {
        int count = reader.Small("number of missing items", 1, Limits.SamplesPerEncounter);
        List<MissingItem> items = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            items.Add(Read(ref reader));
        }

        return items;
    }

    private static void Write(FrameWriter writer, MissingItem item)
    {
        writer.Small("modality", (int)item.Modality, ModalityTable.Least, ModalityTable.Most);
        writer.Byte((byte)((item.Place is null ? 0 : HasPlace) | (item.Instance is null ? 0 : HasInstance)
            | (item.Sample is null ? 0 : HasSample)));
        if (item.Place is { } place)
        {
            writer.Text("place", place, 1, Limits.IdBytes);
        }

        if (item.Instance is { } instance)
        {
            writer.Text("instance", instance, 0, Limits.IdBytes);
        }

        if (item.Sample is { } sample)
        {
            writer.Small("sample", sample, 0, Limits.SamplesPerEncounter - 1);
        }

        writer.Small("number of missing parts", item.Parts.Count, 1, Limits.MissingParts);
        foreach (MissingPart part in item.Parts)
        {
            writer.Byte((byte)((part.Place is null ? 0 : HasPlace) | (part.Reason is null ? 0 : HasReason)));
            if (part.Place is { } of)
            {
                writer.Text("place of a part", of, 1, Limits.IdBytes);
            }

            if (part.Reason is { } reason)
            {
                writer.Small("reason", (int)reason, MinReason, MaxReason);
            }
        }
    }

    private static MissingItem Read(ref FrameReader reader)
    {
        int modality = reader.Small("modality", ModalityTable.Least, ModalityTable.Most);
        int presence = reader.Small("presence", 0, HasPlace | HasInstance | HasSample);
        return new MissingItem
        {
            Modality = (Modality)modality,
            Place = (presence & HasPlace) != 0 ? reader.Text("place", 1, Limits.IdBytes) : null,
            Instance = (presence & HasInstance) != 0 ? reader.Text("instance", 0, Limits.IdBytes) : null,
            Sample = (presence & HasSample) != 0
                ? reader.Small("sample", 0, Limits.SamplesPerEncounter - 1) : null,
            Parts = ReadParts(ref reader),
        };
    }

    private static List<MissingPart> ReadParts(ref FrameReader reader)
    {
        int count = reader.Small("number of missing parts", 1, Limits.MissingParts);
        List<MissingPart> parts = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            int presence = reader.Small("presence", 0, HasPlace | HasReason);
            string? place = (presence & HasPlace) != 0 ? reader.Text("place of a part", 1, Limits.IdBytes) : null;
            parts.Add(new MissingPart(
                place,
                (presence & HasReason) != 0 ? (MissingReason)reader.Small("reason", MinReason, MaxReason) : null));
        }

        return parts;
    }
}
