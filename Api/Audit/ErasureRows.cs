using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Partitions;

namespace MatchCluster.Api.Audit;

/// <summary>
/// Rows of what is erased because it has expired. Nobody calls for it, so that no door records it. A row is written
/// before the erasure: what cannot be recorded is not erased.
/// </summary>
internal sealed class ErasureRows(AuditLog log, TimeProvider clock)
{
    /// <summary>The operation of such a row.</summary>
    public const string Operation = "expire";

    /// <summary>Who erases.</summary>
    public const string Caller = "retention";

    /// <summary>Encounters of one row.</summary>
    private const int MostOfRow = 100;

    /// <inheritdoc cref="ErasureRecording"/>
    public Task<Outage?> RecordAsync(IReadOnlyList<ErasedEncounter> erased)
    {
        DateTimeOffset now = clock.GetUtcNow();
        return log.AppendAsync(
        [
            .. erased.Chunk(MostOfRow).Select(some => RowOf(
                now,
                [.. some.SelectMany(one => one.Galleries).Distinct().Order(StringComparer.Ordinal)],
                some.Select(one => one.PersonId))),
        ]);
    }

    /// <summary>Records what silos noted; each note is a row, which begins when it was noted.</summary>
    /// <returns>Null when it is recorded.</returns>
    public Task<Outage?> RecordAsync(IReadOnlyList<NotedErasure> noted) => log.AppendAsync(
        [.. noted.Select(note => RowOf(note.At, note.Galleries, note.Persons))]);

    private AuditEntry RowOf(
        DateTimeOffset start, IReadOnlyList<string> galleries, IEnumerable<string> persons) => new()
        {
            Start = start,
            End = clock.GetUtcNow(),
            Caller = Caller,
            Operation = Operation,
            Galleries = galleries,
            Persons = [.. persons.Select(log.Keys.OfPerson).Distinct()],
        };
}
