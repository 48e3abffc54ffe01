using System.Numerics;
using System.Runtime.InteropServices;
using MatchCluster.Matching.Bytes;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scan;

/// <summary>
/// Scores a few of the slots that a fast search of irises alone passes over by a sample, to see what
/// the search misses. (Where fingers take part, their first stage audits what neither modality chose.)
/// </summary>
internal sealed class SampledAudit
{
    /// <summary>
    /// One in this many slots passed over is scored: scoring takes 20 to 50 times what the first stage takes.
    /// </summary>
    private const uint AuditOne = 1000;

    private readonly List<SearchScan> searches;
    private readonly uint[] seeds;
    private readonly ulong[] audited;
    private readonly long[] sampledBefore;

    public SampledAudit(List<SearchScan> searches)
    {
        this.searches = searches;
        audited = new ulong[searches.Count * CandidateSlots.Words];
        sampledBefore = new long[searches.Count];
        seeds = [.. searches.Select(search => Audits(search) ? SeedOf(search) : 0)];
    }

    public bool Has(int search, int word, ulong slot) => (audited[(search * CandidateSlots.Words) + word] & slot) != 0;

    /// <summary>Adds the sample to what is visited of the block, and counts what the first stage left of it.</summary>
    public void Choose(CandidateSlots visits)
    {
        for (int search = 0; search < searches.Count; search++)
        {
            if (!Audits(searches[search]))
            {
                continue;
            }

            Span<ulong> visited = visits.Of(search);
            ReadOnlySpan<ulong> wanted = visits.Wanted(search);
            bool isSampled = searches[search].IrisWork.SampledEyes > sampledBefore[search];
            sampledBefore[search] = searches[search].IrisWork.SampledEyes;
            int encounters = 0;
            int passed = 0;
            int sampled = 0;
            for (int word = 0; word < CandidateSlots.Words; word++)
            {
                ulong sample = isSampled
                    ? Sample(seeds[search], visits.WordOfSegment(word), wanted[word] & ~visited[word]) : 0;
                audited[(search * CandidateSlots.Words) + word] = sample;
                encounters += BitOperations.PopCount(wanted[word]);
                passed += BitOperations.PopCount(visited[word]);
                sampled += BitOperations.PopCount(sample);
                visited[word] |= sample;
            }

            seeds[search] = Mixed(seeds[search]);
            searches[search].AddSampled(new FirstStage
            {
                Encounters = encounters,
                Passed = passed,
                Audited = sampled,
            });
        }
    }

    private static bool Audits(SearchScan search) => search.IsFast && search.Screened is null;

    /// <summary>
    /// One slot of some of the words: a throw of the dice for each slot would take a good part of the sample's time.
    /// </summary>
    private static ulong Sample(uint seed, int word, ulong slots)
    {
        uint dice = Mixed(seed ^ (uint)word);
        return dice < uint.MaxValue / AuditOne * 64 ? slots & (1UL << (int)(Mixed(dice) & 63)) : 0;
    }

    /// <summary>
    /// The seed of a search: another probe gets other slots, a repeated search gets the same ones.
    /// </summary>
    private static uint SeedOf(SearchScan search) => search.Probe.Irises.Aggregate(
        (uint)search.Probe.Irises.Count,
        (sum, eye) => (sum * 31) + Crc32C.Of(MemoryMarshal.AsBytes(eye.Code), []));

    /// <summary>Every bit of the result depends on every bit given (the finalizer of MurmurHash3).</summary>
    private static uint Mixed(uint value)
    {
        value = (value ^ (value >> 16)) * 0x85EBCA6B;
        value = (value ^ (value >> 13)) * 0xC2B2AE35;
        return (value ^ (value >> 16)) + 0x9E3779B9;
    }
}
