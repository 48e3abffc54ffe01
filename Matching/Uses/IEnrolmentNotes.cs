using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Uses;

/// <summary>
/// Is told who brings which encounter into which galleries, before it is written. The record does not say who brought
/// it; whoever looks at it later asks the notes.
/// </summary>
public interface IEnrolmentNotes
{
    /// <summary>Notes them, durable.</summary>
    /// <param name="brought">What is about to be written.</param>
    /// <param name="use">On whose behalf.</param>
    /// <param name="cancel">Ends it early.</param>
    /// <returns>Why none of it may be written now; null where it may.</returns>
    ValueTask<Refusal?> NoteAsync(IReadOnlyList<BroughtEncounter> brought, Use use, CancellationToken cancel);

    /// <summary>Takes back notes of encounters that were refused: nobody brought them.</summary>
    /// <param name="refused">What was noted and not written.</param>
    /// <param name="use">On whose behalf.</param>
    /// <param name="cancel">Ends it early.</param>
    ValueTask TakeBackAsync(IReadOnlyList<BroughtEncounter> refused, Use use, CancellationToken cancel);
}

/// <summary>An encounter that somebody brings.</summary>
/// <param name="PersonId">Whose it is.</param>
/// <param name="EncounterId">Which of the person.</param>
/// <param name="Galleries">The galleries that it is to be in.</param>
public readonly record struct BroughtEncounter(string PersonId, string EncounterId, IReadOnlyList<string> Galleries);
