using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Http.Requests;

/// <summary>
/// The bytes of request bodies that all callers together may have in memory. Each body has its own limit; without this
/// one the memory of a process would be the limit times the connections.
/// </summary>
internal sealed class BodyBudget(long limit)
{
    private long held;

    /// <summary>
    /// A byte of a body is about four in memory: as text, as the template in it, as what was decoded of that. So bodies
    /// take an eighth of the memory, and the gallery three quarters.
    /// </summary>
    private const int MemoryPerLimit = 32;

    private const long LeastLimit = 4 * ApiLimits.BodyBytes;

    /// <summary>What the memory of this process allows.</summary>
    public static BodyBudget OfThisProcess() =>
        new(Math.Max(LeastLimit, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / MemoryPerLimit));

    public long Held => Interlocked.Read(ref held);

    /// <summary>Half of it is taken: streams bring one line at a time and leave the rest to single calls.</summary>
    public bool IsTight => Held > limit / 2;

    /// <summary>Takes some bytes, or none where they do not fit.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref held, bytes) <= limit)
        {
            return true;
        }

        Interlocked.Add(ref held, -bytes);
        return false;
    }

    public void Return(long bytes) => Interlocked.Add(ref held, -bytes);

    /// <summary>What is said where they do not fit.</summary>
    public Failure Refusal => new(
        FailureCode.Overloaded,
        $"bodies of {limit} bytes are being read or answered, which is the limit for all callers together; ask again",
        TimeSpan.FromSeconds(1));
}
