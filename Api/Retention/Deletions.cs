using System.Globalization;
using System.Text.Json.Nodes;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;

namespace MatchCluster.Api.Retention;

/// <summary>
/// Deletes encounters, and puts a signed receipt into the answer's headers: what was deleted, and what its galleries
/// hold after that (docs/retention.md).
/// </summary>
/// <param name="root">What deletes.</param>
/// <param name="clock">Times of receipts.</param>
/// <param name="receipts">What signs them; null gives none.</param>
internal sealed class Deletions(EncounterRoot root, TimeProvider clock, Receipts? receipts = null)
{
    public const string Header = "MC-Receipt";

    /// <summary>The version of a receipt's form. A change of it is a new number.</summary>
    private const int Version = 1;

    /// <summary>Servers on the way take headers of some thousand characters.</summary>
    private const int MostGalleries = 16;

    /// <summary>Deletes an encounter, or a person where no encounter is named.</summary>
    /// <returns>The failure; null where it is deleted.</returns>
    public async ValueTask<Failure?> DeleteAsync(
        string operation, string personId, string? encounterId, HttpContext http)
    {
        SearchBudget budget = http.Budget();
        string[]? galleries = receipts is null ? null : await GalleriesOfAsync(personId, encounterId, budget);
        WriteResult result = (await root.ApplyAsync(
            [encounterId is null ? new Write.DeletePerson(personId) : new Write.Delete(personId, encounterId)],
            budget))[0];
        if (Failure.Of(result.Refusal, result.Outage) is { } failure)
        {
            return failure;
        }

        if (receipts is not null)
        {
            JsonObject statement = new()
            {
                ["v"] = Version,
                ["operation"] = operation,
                ["person"] = personId,
                ["encounter"] = encounterId,
                ["time"] = clock.GetUtcNow().UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
                ["galleries"] = galleries is null ? null
                    : await StatesAsync([.. galleries.Take(MostGalleries)], budget),
            };
            if (galleries?.Length > MostGalleries)
            {
                statement["galleriesLeftOut"] = galleries.Length - MostGalleries;
            }

            http.Response.Headers[Header] = receipts.Sign(statement);
        }

        return null;
    }

    /// <summary>
    /// The galleries that the encounters are in, as the caller may know; null where their records cannot be read.
    /// </summary>
    private async ValueTask<string[]?> GalleriesOfAsync(string personId, string? encounterId, SearchBudget budget)
    {
        ReadAnswer person = await root.ReadToDeleteAsync(personId, budget);
        Encounter[] meant =
        [
            .. person.Encounters.Where(encounter => encounterId is null || encounter.EncounterId == encounterId),
        ];
        return meant.Length == 0 ? null
            : [.. meant.SelectMany(encounter => encounter.Galleries).Distinct().Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// What galleries hold now. It is deleted by then: a partition that cannot say leaves the state out, not the
    /// receipt.
    /// </summary>
    private async ValueTask<JsonArray> StatesAsync(string[] galleries, SearchBudget budget)
    {
        IReadOnlyList<PartitionStatus> partitions = await StatusAsync(budget.Cancel);
        return
        [
            .. galleries.Select(gallery =>
            {
                GalleryState? state = EncounterRoot.StateOf(gallery, partitions);
                return new JsonObject
                {
                    ["gallery"] = gallery,
                    ["encounters"] = partitions.Count == 0 ? null : state?.Encounters,
                    ["hash"] = partitions.Count == 0 ? null : state?.Hash.ToString(),
                };
            }),
        ];
    }

    private async ValueTask<IReadOnlyList<PartitionStatus>> StatusAsync(CancellationToken cancel)
    {
        try
        {
            return await root.StatusAsync(cancel);
        }
        catch (OperationCanceledException)
        {
            return [];
        }
    }
}
