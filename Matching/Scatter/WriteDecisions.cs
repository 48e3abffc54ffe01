using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>What the policy says of the writes of one call.</summary>
/// <param name="Writes">The writes, as they are to be made.</param>
/// <param name="Refusals">For each of them why it is not allowed, or null.</param>
/// <param name="Owned">What the partitions may let them change; null for everything.</param>
/// <param name="Known">For each of them the galleries that the caller may know of; null for all.</param>
internal sealed record DecidedWrites(
    IReadOnlyList<Write> Writes, IReadOnlyList<Refusal?> Refusals, IReadOnlySet<string>? Owned,
    IReadOnlyList<IReadOnlySet<string>?> Known);

/// <summary>Asks the policy about writes and reads, with what it needs to know of them.</summary>
/// <param name="policy">What uses may do.</param>
/// <param name="clock">Tells the time.</param>
/// <param name="pictures">
/// What is kept of pictures and opaque items; null leaves those that are kept as they are.
/// </param>
internal sealed class WriteDecisions(IUsePolicy policy, TimeProvider clock, IPicturePolicy? pictures)
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
            return await WithKeptAsync(
                writes, new Refusal?[writes.Count], null, new IReadOnlySet<string>?[writes.Count], budget);
        }

        var refusals = new Refusal?[writes.Count];
        var decided = new Write[writes.Count];
        var known = new IReadOnlySet<string>?[writes.Count];
        HashSet<string>? owned = null;
        for (int i = 0; i < writes.Count; i++)
        {
            UseDecision decision = await DecideAsync(RequestOf(writes[i]), budget);
            refusals[i] = decision.Refusal;
            known[i] = decision.Known;
            decided[i] = decision.RetentionDays is { } days ? Expiring(writes[i], days) : writes[i];
            if (decision is { Refusal: null, Galleries: { } galleries } && writes[i] is not Write.Create)
            {
                // One limit for all of a call: what each of its writes may change.
                owned ??= new HashSet<string>(galleries, StringComparer.Ordinal);
                owned.IntersectWith(galleries);
            }
        }

        return await WithKeptAsync(decided, refusals, owned, known, budget);
    }

    /// <summary>The writes without pictures that may not be kept, and why some are refused.</summary>
    private async ValueTask<DecidedWrites> WithKeptAsync(
        IReadOnlyList<Write> writes, Refusal?[] refusals, IReadOnlySet<string>? owned,
        IReadOnlyList<IReadOnlySet<string>?> known, SearchBudget budget)
    {
        Write[]? kept = null;
        for (int i = 0; i < writes.Count; i++)
        {
            if (refusals[i] is not null)
            {
                continue;
            }

            (Write changed, refusals[i]) = await WithKeptAsync(writes[i], budget);
            if (!ReferenceEquals(changed, writes[i]))
            {
                kept ??= [.. writes];
                kept[i] = changed;
            }
        }

        return new DecidedWrites(kept ?? writes, refusals, owned, known);
    }

    private async ValueTask<(Write Write, Refusal? Refusal)> WithKeptAsync(Write write, SearchBudget budget)
    {
        if (write is Write.SetGalleries set)
        {
            return (set with
            {
                ErasesPictures = pictures is not null && !await pictures.KeepsAsync(set.Galleries, budget.Cancel),
                KeepsOpaque = pictures is null || await pictures.AllowsOpaqueAsync(set.Galleries, budget.Cancel),
            }, null);
        }

        if (write.Brought is not { Pictures.Count: > 0 } brought)
        {
            return (write, null);
        }

        if (await OpaqueRefusalAsync(write, brought, budget) is { } refusal)
        {
            return (write, refusal);
        }

        bool isKept = pictures is not null && !budget.Use.NoRetain
            && await pictures.KeepsAsync(brought.Galleries, budget.Cancel);
        Picture[] left = [.. brought.Pictures.Where(one => one.IsOpaque || isKept)];
        Encounter without = brought with { Pictures = left };
        return left.Length == brought.Pictures.Count ? (write, null)
            : (write is Write.Create ? new Write.Create(without) : new Write.Update(without), null);
    }

    /// <summary>
    /// Why opaque items may not be kept. They are not left out here as pictures are: nobody would tell the caller, who
    /// was told that they are kept.
    /// </summary>
    private async ValueTask<Refusal?> OpaqueRefusalAsync(Write write, Encounter brought, SearchBudget budget)
    {
        Picture[] opaque = [.. brought.Pictures.Where(one => one.IsOpaque)];
        if (opaque.Length == 0)
        {
            return null;
        }

        OpaqueLimits? limits = pictures is null || budget.Use.NoRetain
            ? null : await pictures.OpaqueAsync(budget.Use, RequestOf(write), budget.Cancel);
        string? wrong = limits is null
            ? "found items that are kept opaque, and what allows this encounter keeps none: leave them out, or name "
                + "another agreement"
            : limits.Wrong(opaque.Select(one => one.Length));
        return wrong is null ? null : new Refusal(RefusalKind.Invalid, wrong);
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
