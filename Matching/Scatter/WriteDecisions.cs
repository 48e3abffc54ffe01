using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>What the policy says of the writes of one call.</summary>
/// <param name="Writes">The writes, as they are to be made.</param>
/// <param name="Refusals">For each of them why it is not allowed, or null.</param>
/// <param name="Owned">What the partitions may let them change; null for everything.</param>
internal sealed record DecidedWrites(
    IReadOnlyList<Write> Writes, IReadOnlyList<Refusal?> Refusals, IReadOnlySet<string>? Owned);

/// <summary>Asks the policy about writes and reads, with what it needs to know of them.</summary>
internal sealed class WriteDecisions(IUsePolicy policy, TimeProvider clock)
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
        var decided = new Write[writes.Count];
        HashSet<string>? owned = null;
        for (int i = 0; i < writes.Count; i++)
        {
            UseDecision decision = await DecideAsync(RequestOf(writes[i]), budget);
            refusals[i] = decision.Refusal;
            decided[i] = decision.RetentionDays is { } days ? Expiring(writes[i], days) : writes[i];
            if (decision is { Refusal: null, Galleries: { } galleries } && writes[i] is not Write.Create)
            {
                // One limit for all of a call: what each of its writes may change.
                owned ??= new HashSet<string>(galleries, StringComparer.Ordinal);
                owned.IntersectWith(galleries);
            }
        }

        return new DecidedWrites(decided, refusals, owned);
    }

    /// <summary>The write with the time of expiry that was agreed, or an earlier one that it states itself.</summary>
    private Write Expiring(Write write, int days)
    {
        DateTimeOffset end = clock.GetUtcNow().AddDays(days);
        return write switch
        {
            Write.Create { Encounter: var encounter } => new Write.Create(Within(encounter)),
            Write.Update { Encounter: var encounter } => new Write.Update(Within(encounter)),
            _ => write,
        };

        Encounter Within(Encounter encounter) => encounter with
        {
            ExpiresAt = encounter.ExpiresAt is { } earlier && earlier < end ? earlier : end,
        };
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
