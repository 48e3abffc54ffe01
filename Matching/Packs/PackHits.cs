using System.Text.Json.Nodes;
using MatchCluster.Matching.Audit;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;
using Microsoft.Data.Sqlite;

namespace MatchCluster.Matching.Packs;

/// <summary>
/// The hits of a copy, on the disk before they are answered, until they are reported. What cannot be recorded is not
/// answered.
/// </summary>
public sealed class PackHits : ICaseOpener, IAsyncDisposable
{
    /// <summary>Name of its file.</summary>
    public const string FileName = "packs.hits.db";

    private const string Tables =
        """
        CREATE TABLE hits(
            number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, hit BLOB NOT NULL,
            reported INTEGER NOT NULL DEFAULT 0) STRICT;
        """;

    private readonly SqliteSideFile file;
    private readonly TimeProvider clock;

    private PackHits(SqliteSideFile file, TimeProvider clock)
    {
        this.file = file;
        this.clock = clock;
    }

    /// <summary>What opens cases after a hit was recorded; null where nothing does.</summary>
    public ICaseOpener? Next { get; set; }

    /// <summary>Opens the hits of a data directory, or makes the file.</summary>
    /// <exception cref="StoreException">It cannot be used.</exception>
    public static PackHits Open(string directory, TimeProvider clock) =>
        new(SqliteSideFile.Open(Path.Combine(directory, FileName), Tables), clock);

    /// <inheritdoc/>
    public async ValueTask<IdentifyAnswer> OpenAsync(
        IdentifyRequest request, IdentifyAnswer answer, Use use, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(answer);
        ArgumentNullException.ThrowIfNull(use);
        if (answer.Refusal is not null || answer.Candidates.Count == 0)
        {
            return answer;
        }

        try
        {
            await AddAsync(answer, use, cancel);
            return Next is null ? answer : await Next.OpenAsync(request, answer, use, cancel);
        }
        catch (StoreException fault)
        {
            return SearchDecisions.Refused(answer.Permission with
            {
                Refusal = new Refusal(
                    RefusalKind.Unavailable,
                    $"the hit cannot be recorded, and none is answered without: {fault.Outage.Reason}",
                    TimeSpan.FromSeconds(1))
                { Rule = UseRule.CaseNotKept },
            });
        }
    }

    /// <summary>
    /// Hits that were not reported yet, the oldest first: at most so many, and about as many bytes as a report may
    /// have.
    /// </summary>
    public async ValueTask<IReadOnlyList<PackHit>> UnreportedAsync(int most, CancellationToken cancel) =>
        await file.RunAsync(
            connection =>
            {
                using SqliteCommand read = SqliteFile.Command(
                    connection, "SELECT id, hit FROM hits WHERE reported = 0 ORDER BY number LIMIT $m", "$m");
                read.Parameters[0].Value = most;
                using SqliteDataReader rows = read.ExecuteReader();
                List<PackHit> hits = [];
                long bytes = 0;
                while (bytes < PackReport.MostBytes && rows.Read())
                {
                    hits.Add(new PackHit(rows.GetString(0), rows.GetFieldValue<byte[]>(1)));
                    bytes += hits[^1].Json.Length;
                }

                return hits;
            },
            cancel);

    /// <summary>Notes that hits were reported.</summary>
    public async ValueTask ReportedAsync(IEnumerable<PackHit> hits, CancellationToken cancel) =>
        await file.RunAsync(
            connection =>
            {
                using SqliteTransaction all = connection.BeginTransaction();
                using SqliteCommand write = SqliteFile.Command(
                    connection, "UPDATE hits SET reported = 1 WHERE id = $i", "$i");
                write.Transaction = all;
                foreach (PackHit hit in hits)
                {
                    write.Parameters[0].Value = hit.HitId;
                    write.ExecuteNonQuery();
                }

                all.Commit();
                return true;
            },
            cancel);

    public ValueTask DisposeAsync() => file.DisposeAsync();

    private async ValueTask AddAsync(IdentifyAnswer answer, Use use, CancellationToken cancel)
    {
        DateTimeOffset now = clock.GetUtcNow();
        string id = Guid.CreateVersion7(now).ToString();
        byte[] json = CanonicalJson.Encode(new JsonObject
        {
            ["hitId"] = id,
            ["at"] = PackReport.Text(now),
            ["partner"] = use.Partner.Length == 0 ? null : use.Partner,
            ["purpose"] = answer.Permission.Purpose ?? use.Purpose,
            ["threshold"] = answer.Threshold,
            ["candidates"] = new JsonArray([.. answer.Candidates.Select(candidate => new JsonObject
            {
                ["rank"] = candidate.Rank,
                ["personId"] = candidate.PersonId,
                ["score"] = candidate.Score,
                ["encounterIds"] = new JsonArray(
                [
                    .. candidate.Details.Select(detail => detail.EncounterId).Distinct(StringComparer.Ordinal)
                        .Select(one => (JsonNode)one),
                ]),
            })]),
        });
        await file.RunAsync(
            connection =>
            {
                using SqliteCommand write = SqliteFile.Command(
                    connection, "INSERT INTO hits(id, hit) VALUES($i, $h)", "$i", "$h");
                (write.Parameters[0].Value, write.Parameters[1].Value) = (id, json);
                return write.ExecuteNonQuery();
            },
            cancel);
    }
}
