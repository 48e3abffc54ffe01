using System.Text.Json;
using MatchCluster.Matching.Deduplication;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Tasks;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Jobs;

/// <summary>Pairs as lines of JSON: how the parts of a job keep them.</summary>
internal static class PairLines
{
    public static byte[] Write(IEnumerable<DuplicatePair> pairs)
    {
        using MemoryStream lines = new();
        foreach (DuplicatePair pair in pairs)
        {
            JsonSerializer.Serialize(lines, LinkOf(pair), JobJson.Default.JobLink);
            lines.WriteByte((byte)'\n');
        }

        return lines.ToArray();
    }

    /// <summary>The groups of what was found so far.</summary>
    public static async Task<IReadOnlyList<DuplicateGroup>> GroupsAsync(
        ITaskStore store, TaskRecord job, CancellationToken cancel)
    {
        List<DuplicatePair> pairs = [];
        for (int part = 0; part < job.Parts; part++)
        {
            byte[] lines = await store.ReadPartAsync(job.Id, part, cancel) ?? [];
            int at = 0;
            while (at < lines.Length)
            {
                int end = Array.IndexOf(lines, (byte)'\n', at);
                pairs.Add(PairOf(JsonSerializer.Deserialize(lines.AsSpan(at, end - at), JobJson.Default.JobLink)!));
                at = end + 1;
            }
        }

        return DuplicateGroup.Of(pairs);
    }

    /// <summary>A group as far as the agreement releases it; ids become the partner's own.</summary>
    public static JobGroup Released(
        DuplicateGroup group, ReleaseProfile release, string partner, PartnerIds? ids)
    {
        if (release == ReleaseProfile.Full)
        {
            return new JobGroup(group.Persons, [.. group.Links.Select(LinkOf)]);
        }

        if (release == ReleaseProfile.Hit)
        {
            return new JobGroup([PartnerIds.NewReference()], []);
        }

        string Of(string person) => ids!.OfPerson(partner, person);
        return new JobGroup(
            [.. group.Persons.Select(Of).Order(StringComparer.Ordinal)],
            [
                .. group.Links.Select(link => new JobLink(
                    Of(link.PersonId), Of(link.OtherId),
                    release == ReleaseProfile.Scores ? link.Score : null, null, null)),
            ]);
    }

    private static JobLink LinkOf(DuplicatePair pair) => new(
        pair.PersonId, pair.OtherId, pair.Score, pair.Encounters,
        [
            .. pair.Details.Select(detail => new JobSample(
                detail.EncounterId, detail.ProbePosition.Code, detail.GalleryPosition.Code, detail.Score)),
        ]);

    private static DuplicatePair PairOf(JobLink link) => new(
        link.PersonId, link.Encounters ?? [], link.OtherId, link.Score ?? 0,
        [
            .. (link.Samples ?? []).Select(sample => new HitDetail
            {
                EncounterId = sample.EncounterId,
                ProbePosition = PlaceOf(sample.ProbePosition),
                GalleryPosition = PlaceOf(sample.GalleryPosition),
                Score = sample.Score,
                Raw = 0,
            }),
        ]);

    private static BiometricPosition PlaceOf(int code) =>
        BiometricPosition.TryFromCode((byte)code, out BiometricPosition? place) ? place.Value
            : throw new InvalidDataException($"found position code {code}");
}
