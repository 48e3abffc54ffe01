using MatchCluster.Matching.Model;
using MatchCluster.Matching.Seam;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Scatter;

/// <summary>Notes who brings encounters before they are written, and takes it back where they are refused.</summary>
/// <param name="notes">Where it is noted; null where nobody wants to know.</param>
internal sealed class NotedWrites(IEnrolmentNotes? notes)
{
    /// <summary>Notes who brings what; why nothing may be written now, or null.</summary>
    public async ValueTask<Refusal?> NoteAsync(DecidedWrites decided, SearchBudget budget)
    {
        if (notes is null || budget.Use.IsInternal)
        {
            return null;
        }

        List<BroughtEncounter> brought = [];
        for (int i = 0; i < decided.Writes.Count; i++)
        {
            if (decided.Refusals[i] is null && BroughtBy(decided.Writes[i]) is { } one)
            {
                brought.Add(one);
            }
        }

        return brought.Count == 0 ? null : await notes.NoteAsync(brought, budget.Use, budget.Cancel);
    }

    /// <summary>Takes back what was noted of writes that their partitions refused.</summary>
    public async ValueTask TakeBackAsync(
        DecidedWrites decided, IReadOnlyList<WriteResult> results, SearchBudget budget)
    {
        if (notes is null || budget.Use.IsInternal)
        {
            return;
        }

        List<BroughtEncounter> refused = [];
        for (int i = 0; i < results.Count; i++)
        {
            if (decided.Refusals[i] is null && results[i].Refusal is not null
                && BroughtBy(decided.Writes[i]) is { } one)
            {
                refused.Add(one);
            }
        }

        if (refused.Count > 0)
        {
            await notes.TakeBackAsync(refused, budget.Use, budget.Cancel);
        }
    }

    private static BroughtEncounter? BroughtBy(Write write) =>
        write is Write.SetGalleries set ? new BroughtEncounter(set.Person, set.EncounterId, set.Galleries)
        : write.Brought is { } one ? new BroughtEncounter(one.PersonId, one.EncounterId, one.Galleries)
        : null;
}
