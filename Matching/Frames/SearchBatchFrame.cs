using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Modalities;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scores;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Frames;

/// <summary>
/// A batch of searches on its way to a partition: the probes are already prepared, so that no partition decodes.
/// </summary>
/// <remarks>
/// After the header: count (1), then each search as gallery (text), threshold (8, IEEE), candidates (4),
/// presence (1: bit 0 year from, 1 year to, 2 modalities, 3 one person, 4 exhaustive, 5 fast irises, 6 target
/// FPIR), sex (1), year from (4), year to (4), modalities (count 1, bytes), person (text) and target FPIR (8,
/// IEEE) where present, then its probe (<see cref="ProbeCodec"/>). Version 2 is written only where a probe
/// says what made its iris codes, version 3 (of the same fields) only where a finger row says what its ridges do.
/// Version 4 has all of that, and after the count where the batch stands among others that wait: the partner's number
/// (8), its weight (4) and the priority (1). It is written where any of them is not the default. Version 5 has all of
/// that, then whether it is background work (1), and presence bit 7: only persons after an id (text, after the
/// target). It is written where either is so. Version 6 has all of that, and after the background the turns of
/// galleries (<see cref="FrameParts.WriteLeases"/>); it is written only where there are any.
/// </remarks>
public static class SearchBatchFrame
{
    private const int HasYearMin = 1;
    private const int HasYearMax = 2;
    private const int HasModalities = 4;
    private const int HasPerson = 8;
    private const int IsExhaustive = 16;
    private const int IsFast = 32;
    private const int HasTarget = 64;
    private const int HasAfter = 128;
    private const int AllBits = 255;
    private const int BitsBefore = 127;
    private const ushort WithEncoders = 2;
    private const ushort WithRidges = 3;
    private const ushort WithStanding = 4;
    private const ushort WithOrder = 5;
    private const ushort WithLeases = 6;
    private const int MostCandidates = Limits.CandidatesPerSearch + 1;

    public static byte[] Encode(SearchBatch batch)
    {
        FrameWriter writer = FrameHeader.Begin(64 * 1024);
        writer.Small("number of searches", batch.Searches.Count, 1, Limits.SearchesPerBatch);
        bool ridges = batch.Searches.Any(search => ProbeCodec.HasRidges(search.Probe));
        bool leases = batch.Leases.Count > 0;
        bool order = leases || batch.IsBackground || batch.Searches.Any(search => search.OnlyAfter is not null);
        bool standing = order || batch.Standing != default;
        bool encoders = standing || ridges || batch.Searches.Any(search => ProbeCodec.NamesEncoders(search.Probe));
        if (standing)
        {
            writer.Int64((long)batch.Standing.Partner);
            writer.Int32(batch.Standing.Weight);
            writer.Byte((byte)batch.Standing.Priority);
        }

        if (order)
        {
            writer.Byte((byte)(batch.IsBackground ? 1 : 0));
        }

        if (leases)
        {
            FrameParts.WriteLeases(writer, batch.Leases);
        }

        foreach (Search search in batch.Searches)
        {
            Write(writer, search, encoders);
        }

        return FrameHeader.Seal(
            writer, FrameKind.SearchBatch,
            leases ? WithLeases : order ? WithOrder : standing ? WithStanding : ridges ? WithRidges
                : encoders ? WithEncoders : (ushort)1);
    }

    /// <summary>The batch in a frame, or why the bytes are not one. Never throws.</summary>
    public static Decoded<SearchBatch> Decode(ReadOnlySpan<byte> frame)
    {
        if (FrameHeader.Check(frame, FrameKind.SearchBatch, WithLeases) is { } wrong)
        {
            return wrong;
        }

        FrameReader reader = new(frame, FrameHeader.Bytes);
        int count = reader.Small("number of searches", 1, Limits.SearchesPerBatch);
        List<Search> searches = new(count);
        Standing standing = FrameHeader.VersionOf(frame) >= WithStanding ? ReadStanding(ref reader) : default;
        bool order = FrameHeader.VersionOf(frame) >= WithOrder;
        bool isBackground = order && reader.Small("background", 0, 1) != 0;
        IReadOnlyList<GalleryLease> leases =
            FrameHeader.VersionOf(frame) >= WithLeases ? FrameParts.ReadLeases(ref reader) : [];
        bool encoders = FrameHeader.VersionOf(frame) >= WithEncoders;
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            searches.Add(Read(ref reader, encoders, order));
        }

        reader.End();
        return reader.Rejection is { } rejection ? rejection : new SearchBatch(searches)
        {
            Standing = standing,
            IsBackground = isBackground,
            Leases = leases,
        };
    }

    private static void Write(FrameWriter writer, Search search, bool encoders)
    {
        SearchFilter filter = search.Filter;
        writer.Text("gallery", search.Gallery, 1, Limits.IdBytes);
        writer.Double(search.Threshold);
        writer.Int32(search.MaxCandidates);
        writer.Byte((byte)((filter.YearOfBirthMin is null ? 0 : HasYearMin)
            | (filter.YearOfBirthMax is null ? 0 : HasYearMax)
            | (filter.Modalities is null ? 0 : HasModalities)
            | (search.OnlyPerson is null ? 0 : HasPerson)
            | (search.Exhaustive ? IsExhaustive : 0)
            | (search.FastIrises ? IsFast : 0)
            | (search.TargetFpir is null ? 0 : HasTarget)
            | (search.OnlyAfter is null ? 0 : HasAfter)));
        writer.Small("sex", (int)filter.Sex, 0, (int)Sex.Female);
        if (filter.YearOfBirthMin is { } min)
        {
            writer.Int32(min);
        }

        if (filter.YearOfBirthMax is { } max)
        {
            writer.Int32(max);
        }

        if (filter.Modalities is { } modalities)
        {
            writer.Small("number of modalities", modalities.Count, 0, 8);
            foreach (Modality modality in modalities)
            {
                writer.Small("modality", (int)modality, ModalityTable.Least, ModalityTable.Most);
            }
        }

        if (search.OnlyPerson is { } person)
        {
            writer.Text("person id", person, 1, Limits.IdBytes);
        }

        if (search.TargetFpir is { } target)
        {
            writer.Double(target);
        }

        if (search.OnlyAfter is { } after)
        {
            writer.Text("person id", after, 1, Limits.IdBytes);
        }

        ProbeCodec.Write(writer, search.Probe, encoders);
    }

    private static Search Read(ref FrameReader reader, bool encoders, bool order)
    {
        string gallery = reader.Text("gallery", 1, Limits.IdBytes);
        int thresholdAt = reader.At;
        double threshold = reader.Double("threshold");
        if (!double.IsFinite(threshold))
        {
            reader.Reject(thresholdAt, $"threshold {threshold}", "a finite number");
        }

        int candidatesAt = reader.At;
        int candidates = reader.Int32("candidates");
        if (candidates is < 1 or > MostCandidates)
        {
            reader.Reject(candidatesAt, $"{candidates} candidates", $"1 to {MostCandidates}");
        }

        int presence = reader.Small("presence", 0, order ? AllBits : BitsBefore);
        Sex sex = (Sex)reader.Small("sex", 0, (int)Sex.Female);
        SearchFilter filter = new()
        {
            Sex = sex,
            YearOfBirthMin = (presence & HasYearMin) != 0 ? reader.Int32("year from") : null,
            YearOfBirthMax = (presence & HasYearMax) != 0 ? reader.Int32("year to") : null,
            Modalities = (presence & HasModalities) != 0 ? ReadModalities(ref reader) : null,
        };
        string? person = (presence & HasPerson) != 0 ? reader.Text("person id", 1, Limits.IdBytes) : null;
        double? target = (presence & HasTarget) != 0 ? ReadTarget(ref reader) : null;
        string? after = (presence & HasAfter) != 0 ? reader.Text("person id", 1, Limits.IdBytes) : null;
        Probe probe = ProbeCodec.Read(ref reader, encoders);
        return new Search
        {
            Gallery = gallery,
            Threshold = threshold,
            TargetFpir = target,
            MaxCandidates = candidates,
            Filter = filter,
            OnlyPerson = person,
            OnlyAfter = after,
            Exhaustive = (presence & IsExhaustive) != 0,
            FastIrises = (presence & IsFast) != 0,
            Probe = probe,
        };
    }

    private static Standing ReadStanding(ref FrameReader reader)
    {
        ulong partner = (ulong)reader.Int64("partner");
        int weightAt = reader.At;
        int weight = reader.Int32("weight");
        if (reader.Rejection is null && weight is < 1 or > Standing.MostWeight)
        {
            reader.Reject(weightAt, $"weight {weight}", $"1 to {Standing.MostWeight}");
        }

        return new Standing(partner, weight, reader.Small("priority", 0, Standing.Levels - 1));
    }

    private static double ReadTarget(ref FrameReader reader)
    {
        int at = reader.At;
        double target = reader.Double("target FPIR");
        if (reader.Rejection is null && !(target > 0 && target < 1))
        {
            reader.Reject(at, $"target FPIR {target}", "a number inside (0, 1)");
        }

        return target;
    }

    private static List<Modality> ReadModalities(ref FrameReader reader)
    {
        int count = reader.Small("number of modalities", 0, 8);
        List<Modality> modalities = new(count);
        for (int i = 0; i < count && reader.Rejection is null; i++)
        {
            modalities.Add((Modality)reader.Small("modality", ModalityTable.Least, ModalityTable.Most));
        }

        return modalities;
    }
}
