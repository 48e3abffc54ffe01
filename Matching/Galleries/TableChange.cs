using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Galleries;

/// <summary>
/// One durable write on its way into memory. No encounter: removes the one of that id. Without rows the encounter
/// keeps those of the one it replaces: only its status or galleries changed.
/// </summary>
/// <param name="PersonId">Id of the person.</param>
/// <param name="EncounterId">Id of the person's encounter.</param>
/// <param name="Encounter">Its new content; null removes it.</param>
/// <param name="Rows">Its new rows.</param>
/// <param name="HasNoRows">
/// For a removal: the stored record could not be read, so that no load has brought rows of it. Every other
/// removal is of an encounter that is here; one that is not is a bug and throws.
/// </param>
/// <param name="State">Its part of the galleries' state, where it was made before.</param>
internal readonly record struct TableChange(
    string PersonId, string EncounterId, Encounter? Encounter = null, EncounterRows? Rows = null,
    bool HasNoRows = false, StateHash? State = null);
