using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Tasks;

/// <summary>What a result is an answer to, as far as agreements decide about it without the body of the call.</summary>
/// <param name="Operation">What was done.</param>
/// <param name="Gallery">The gallery that the call named; null where its head names none.</param>
/// <param name="Purpose">The purpose that was stated; null for none.</param>
/// <param name="Agreement">The agreement that the caller named; null for none.</param>
internal sealed record AskedUse(Operation Operation, string? Gallery, string? Purpose, string? Agreement)
{
    /// <summary>How much the answer shows, by what allowed it; null where it shows nobody.</summary>
    public ReleaseProfile? Release { get; init; }

    /// <summary>With the purpose and the agreement that allowed it, which the call need not have named.</summary>
    /// <param name="decision">What allowed it.</param>
    /// <param name="isSearch">Whether the answer is cut to a release profile.</param>
    public AskedUse AllowedBy(UseDecision decision, bool isSearch) => this with
    {
        Purpose = decision.Purpose ?? Purpose,
        Agreement = decision.Agreement?.Id ?? Agreement,
        Release = isSearch ? decision.Release : null,
    };

    /// <summary>What is asked of results whose notes say nothing: whether the partner has an agreement.</summary>
    public static AskedUse Nothing { get; } = new(Operation.Compare, null, null, null);

    public static AskedUse Of(UseRequest request, Use use) => new(
        request.Operation, request.Galleries is [var gallery, ..] ? gallery : null, use.Purpose, use.Agreement);
}

/// <summary>Asks the agreements whether a result may be sent to its partner now.</summary>
internal sealed class DeliveryRight(Agreements? agreements = null)
{
    /// <summary>Why it may not; null where it may.</summary>
    /// <param name="partner">Who gets the result.</param>
    /// <param name="asked">What it is an answer to; null where that was not noted.</param>
    /// <param name="cancel">Ends the call.</param>
    public async ValueTask<Refusal?> RefusalAsync(string partner, AskedUse? asked, CancellationToken cancel)
    {
        if (agreements is null)
        {
            return null;
        }

        AskedUse use = asked ?? AskedUse.Nothing;
        UseDecision decision = await DecideAsync(agreements, partner, use, cancel);
        if (use.Purpose is null && decision.Refusal is { Kind: not RefusalKind.Unavailable })
        {
            // A call that was not executed, or by an older version: any purpose that holds will do.
            foreach (string purpose in Purposes.All)
            {
                UseDecision other = await DecideAsync(agreements, partner, use with { Purpose = purpose }, cancel);
                if (other.Refusal is null)
                {
                    decision = other;
                    break;
                }

                decision = decision.Refusal?.Rule == UseRule.PurposeMissing
                    && other.Refusal.Rule != UseRule.PurposeNotGranted ? other : decision;
            }
        }

        return decision.Refusal is not null || use.Release is not { } made || made <= decision.Release
            ? decision.Refusal
            : Refusal.Of(
                UseRule.ReleaseTooSmall,
                $"the agreement releases {ReleaseWords.Of(decision.Release)} now, and the result was made with "
                + $"{ReleaseWords.Of(made)}");
    }

    private static ValueTask<UseDecision> DecideAsync(
        Agreements agreements, string partner, AskedUse use, CancellationToken cancel) => agreements.DecideAsync(
            new Use { Partner = partner, Purpose = use.Purpose, Agreement = use.Agreement },
            new UseRequest(use.Operation, use.Gallery is null ? [] : [use.Gallery]), cancel);
}
