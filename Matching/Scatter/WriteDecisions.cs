using MatchCluster.Matching.Uses;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Matching.Scatter;

/// <summary>What the policy says of the writes of one call.</summary>
/// <param name="Writes">The writes, as they are to be made.</param>
/// <param name="Refusals">For each of them why it is not allowed, or null.</param>
/// <param name="Owned">What the partitions may let them change; null for everything.</param>
internal sealed record DecidedWrites(
    IReadOnlyList<Write> Writes, IReadOnlyList<Refusal?> Refusals, IReadOnlySet<string>? Owned);

/// <summary>Asks the policy about writes and reads, with what it needs to know of them.</summary>
internal sealed class WriteDecisions(IUsePolicy policy)
{
    public ValueTask<UseDecision> DecideAsync(UseRequest request, SearchBudget budget) =>
        policy.DecideAsync(budget.Use, request, budget.Cancel);

    /// <summary>
    /// Decides about each write. Whose an encounter is that exists, its partition decides when it writes.
    /// </summary>
    public async ValueTask<DecidedWrites> OfAsync(IReadOnlyList<Write> writes, SearchBudget budget)
    {
        if (ReferenceEquals(policy, OpenPolicy.Instance))
        {
            return new DecidedWrites(writes, new Refusal?[writes.Count], null);
        }

        var refusals = new Refusal?[writes.Count];
        HashSet<string>? owned = null;
        for (int i = 0; i < writes.Count; i++)
        {
            UseDecision decision = await DecideAsync(RequestOf(writes[i]), budget);
            refusals[i] = decision.Refusal;
            if (decision is { Refusal: null, Galleries: { } galleries } && writes[i] is not Write.Create)
            {
                // One limit for all of a call: what each of its writes may change.
                owned ??= new HashSet<string>(galleries, StringComparer.Ordinal);
                owned.IntersectWith(galleries);
            }
        }

        return new DecidedWrites(writes, refusals, owned);
    }

    private static UseRequest RequestOf(Write write) => write switch
    {
        Write.Create create => Of(Operation.Enrol, create.Encounter),
        Write.Update update => Of(Operation.Change, update.Encounter),
        Write.SetGalleries set => new UseRequest(Operation.Change, set.Galleries),
        Write.Delete or Write.DeletePerson => UseRequest.Of(Operation.Delete),
        _ => UseRequest.Of(Operation.Change),
    };

    private static UseRequest Of(Operation operation, Encounter encounter) => new(operation, encounter.Galleries)
    {
        Modalities = [.. encounter.Samples.Select(sample => sample.Position.Modality).Distinct()],
    };
}
