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
            .. erased.Chunk(MostOfRow).Select(some => new AuditEntry
            {
                Start = now,
                End = now,
                Caller = Caller,
                Operation = Operation,
                Galleries =
                [
                    .. some.SelectMany(one => one.Galleries).Distinct().Order(StringComparer.Ordinal),
                ],
                Persons = [.. some.Select(one => log.Keys.OfPerson(one.PersonId)).Distinct()],
            }),
        ]);
    }
}
