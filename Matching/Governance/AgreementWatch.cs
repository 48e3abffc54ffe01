using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Governance;

/// <summary>
/// The policy of a front end that was started while its cluster kept no agreements: everything is allowed until
/// somebody signs one at another front end. From then on it allows nothing, until it is started again and says whether
/// agreements count.
/// </summary>
/// <param name="store">Where agreements are kept.</param>
/// <param name="clock">Times of looks.</param>
public sealed class AgreementWatch(IGovernanceStore store, TimeProvider clock) : IUsePolicy
{
    /// <summary>A look serves the uses of this time.</summary>
    public static readonly TimeSpan Between = TimeSpan.FromSeconds(1);

    /// <summary>A use does not wait longer for a look: the next look tells what this one would have.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(250);

    private static readonly UseDecision Kept = new()
    {
        Refusal = new Refusal(
            RefusalKind.Unavailable,
            "agreements with partners are kept since this front end was started without them; start it again with "
            + "--agreements true, or false to let every caller do what its scopes allow",
            TimeSpan.FromMinutes(1)),
    };

    private long looked = clock.GetTimestamp() - (2 * clock.TimestampFrequency);
    private volatile bool isKept;

    /// <inheritdoc/>
    public async ValueTask<UseDecision> DecideAsync(Use use, UseRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(use);
        if (!use.IsInternal)
        {
            await LookAsync(cancel);
            if (isKept)
            {
                return Kept;
            }
        }

        return await OpenPolicy.Instance.DecideAsync(use, request, cancel);
    }

    private async ValueTask LookAsync(CancellationToken cancel)
    {
        long now = clock.GetTimestamp();
        long before = Volatile.Read(ref looked);
        if (isKept || clock.GetElapsedTime(before, now) < Between
            || Interlocked.CompareExchange(ref looked, now, before) != before)
        {
            return; // Known, or somebody else looks.
        }

        try
        {
            isKept = await store.StampAsync(Agreements.Kind, cancel).AsTask().WaitAsync(Longest, clock, cancel) > 0;
        }
        catch (Exception away) when (away is StoreException or TimeoutException)
        {
            // Nobody signs anything while the store is away; what is searched needs no store.
        }
    }
}
