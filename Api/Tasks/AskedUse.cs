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
        UseDecision decision = await agreements.DecideAsync(
            new Use { Partner = partner, Purpose = use.Purpose, Agreement = use.Agreement },
            new UseRequest(use.Operation, use.Gallery is null ? [] : [use.Gallery]), cancel);

        // Who needed no purpose to ask needs none to be told.
        return decision.Refusal is { Rule: UseRule.PurposeMissing } && use.Purpose is null ? null : decision.Refusal;
    }
}
