using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Quotas;

/// <summary>
/// What agreements allow, as often as they allow it: a search, a verification, a comparison, an explanation and an
/// enrolment take one use each. It decides where agreements are decided, after the doors, so that no door can leave it
/// out. What is refused for another reason, was not let in at all, or is a mere question takes none.
/// </summary>
public sealed class MeteredPolicy(Agreements agreements, UseMeter meter, TimeProvider clock) : IUsePolicy
{
    /// <inheritdoc/>
    public async ValueTask<UseDecision> DecideAsync(Use use, UseRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(use);
        UseDecision decision = await agreements.DecideAsync(use, request, cancel);
        if (decision is not { Refusal: null, Agreement: { } by } || request.IsQuestion
            || !IsCounted(request.Operation))
        {
            return decision;
        }

        Agreement? agreement = (await HoldingAsync(use with { Agreement = by.Id }, cancel)).FirstOrDefault();
        return agreement is not null && await meter.TakeAsync(agreement, cancel) is { } refusal
            ? decision with { Refusal = refusal } : decision;
    }

    /// <summary>
    /// Why a use would be refused now for its rate or quota, before anything is done for it; null where it may go on.
    /// </summary>
    public async ValueTask<Refusal?> LookAsync(Use use, CancellationToken cancel)
    {
        Refusal? first = null;
        foreach (Agreement agreement in await HoldingAsync(use, cancel))
        {
            if (meter.Look(agreement) is not { } refusal)
            {
                return null;
            }

            first ??= refusal;
        }

        return first;
    }

    /// <summary>Waits until the rate has room: a stream waits where a single call is refused.</summary>
    /// <returns>For how many uses; more may be refused.</returns>
    public async ValueTask<int> PaceAsync(Use use, CancellationToken cancel)
    {
        while (true)
        {
            Agreement[] holding = [.. await HoldingAsync(use, cancel)];
            (int uses, TimeSpan wait) = holding.Length == 0 ? (int.MaxValue, TimeSpan.Zero)
                : holding.Select(meter.RoomOf).MaxBy(room => room.Uses);
            if (uses >= 1)
            {
                return uses;
            }

            await Task.Delay(wait, clock, cancel);
        }
    }

    private static bool IsCounted(Operation operation) => operation switch
    {
        Operation.Identify or Operation.Verify or Operation.Compare or Operation.Explain or Operation.Enrol => true,
        Operation.Read or Operation.ReadGallery or Operation.ListGalleries or Operation.Change
            or Operation.Delete => false,
        _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "no such operation"),
    };

    private async ValueTask<IEnumerable<Agreement>> HoldingAsync(Use use, CancellationToken cancel)
    {
        try
        {
            return PartnerWeight.Holding(
                await agreements.RecentBookAsync(cancel), use.Partner, use.Agreement, clock.GetUtcNow());
        }
        catch (StoreException)
        {
            return []; // The decision says so.
        }
    }
}
