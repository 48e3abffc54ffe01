using MatchCluster.Api.Http.Failures;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Operator;

/// <summary>
/// What a gallery holds now, as a hash: equal to that of an audit row, it holds what was searched then
/// (docs/audit.md).
/// </summary>
internal static class GalleryStateRead
{
    public static async Task<Results<Ok<GalleryStateAnswer>, ProblemFailed>> RunAsync(
        string galleryId, EncounterRoot root, CancellationToken cancel)
    {
        IReadOnlyList<PartitionStatus> partitions = await root.StatusAsync(cancel);
        GalleryState? state = EncounterRoot.StateOf(galleryId, partitions);
        return state is null
            ? new ProblemFailed(Failure.Of(new Outage("a partition cannot say what it holds yet", MayRetry: true)))
            : state.Value.Encounters == 0 && galleryId != Search.AllGalleries
                ? new ProblemFailed(new Failure(FailureCode.Unknown, $"no encounter names the gallery {galleryId}"))
            : TypedResults.Ok(
                new GalleryStateAnswer(galleryId, state.Value.Encounters, state.Value.Hash.ToString()));
    }
}

/// <param name="GalleryId">Its name.</param>
/// <param name="Encounters">Encounters that name it.</param>
/// <param name="State">The state hash, 64 hexadecimal digits.</param>
internal sealed record GalleryStateAnswer(string GalleryId, long Encounters, string State);
