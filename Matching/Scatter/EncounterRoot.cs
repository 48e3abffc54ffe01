using MatchCluster.Matching.Partitions;

namespace MatchCluster.Matching.Scatter;

/// <summary>Writes and reads of encounters, sent to the partition that owns the person.</summary>
public sealed class EncounterRoot(IPartitionDirectory directory)
{
    /// <summary>
    /// Sends writes of many persons to their partitions; results come in the order of the writes.
    /// Create, Update, SetStatus, SetGalleries, Delete, DeletePerson.
    /// </summary>
    public ValueTask<IReadOnlyList<WriteResult>> ApplyAsync(IReadOnlyList<Write> writes, SearchBudget budget) =>
        throw new NotImplementedException($"{directory}");

    /// <summary>Every encounter of a person; a refusal of kind Unknown where there is none.</summary>
    public ValueTask<ReadAnswer> ReadPersonAsync(string personId, SearchBudget budget) =>
        throw new NotImplementedException();

    /// <summary>
    /// Moves every encounter of the source person to the target person: all or none, a conflict where an encounter id
    /// is taken.
    /// </summary>
    public ValueTask<WriteResult> MergeAsync(string targetPerson, string sourcePerson, SearchBudget budget) =>
        throw new NotImplementedException();

    /// <summary>Moves one encounter of the source person to the target person.</summary>
    public ValueTask<WriteResult> MoveAsync(
        string targetPerson, string sourcePerson, string encounterId, SearchBudget budget) =>
        throw new NotImplementedException();

    /// <summary>
    /// Members of a gallery (or of <see cref="Search.AllGalleries"/>), ordered by person id, then encounter id.
    /// </summary>
    public ValueTask<ReadAnswer> ReadGalleryAsync(string gallery, int offset, int limit, SearchBudget budget) =>
        throw new NotImplementedException();

    /// <summary>Galleries that at least one encounter names, with their live encounters, ordered by name.</summary>
    public ValueTask<IReadOnlyList<(string Gallery, long Encounters)>> ReadGalleriesAsync(CancellationToken cancel) =>
        throw new NotImplementedException();

    /// <summary>Status of every partition, ordered by number.</summary>
    public ValueTask<IReadOnlyList<PartitionStatus>> StatusAsync(CancellationToken cancel) =>
        throw new NotImplementedException();
}
