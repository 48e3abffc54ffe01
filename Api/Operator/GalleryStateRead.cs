using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Scatter;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Operator;

/// <summary>
/// What a gallery holds now, as a hash: equal to that of an audit row, it holds what was searched then
/// (docs/audit.md).
/// </summary>
internal static class GalleryStateRead
{
    public static async Task<Results<Ok<GalleryStateAnswer>, ProblemFailed>> RunAsync(
        string galleryId, EncounterRoot root, HttpContext http)
    {
        StateAnswer read = await root.ReadStateAsync(galleryId, http.Budget());
        return read.Refusal is { } refusal ? new ProblemFailed(Failure.Of(refusal))
            : read.Outage is { } outage ? new ProblemFailed(Failure.Of(outage))
            : TypedResults.Ok(
                new GalleryStateAnswer(galleryId, read.State.Encounters, read.State.Hash.ToString()));
    }
}

/// <param name="GalleryId">Its name.</param>
/// <param name="Encounters">Encounters that name it.</param>
/// <param name="State">The state hash, 64 hexadecimal digits.</param>
internal sealed record GalleryStateAnswer(string GalleryId, long Encounters, string State);
