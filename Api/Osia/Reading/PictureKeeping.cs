using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// Whether pictures of an encounter that is sent are handed on to be kept. The engine decides again when it writes
/// (<see cref="IPicturePolicy"/>); asked here, others need not be carried there.
/// </summary>
internal static class PictureKeeping
{
    public static async ValueTask NoteKeepingAsync(
        this NotStored notes, IReadOnlyList<string>? galleries, HttpContext http) =>
        notes.KeepsPictures = galleries is { Count: > 0 } && galleries.All(gallery => gallery is not null)
            && !http.Use().NoRetain
            && http.RequestServices.GetService<IPicturePolicy>() is { } policy
            && await policy.KeepsAsync(galleries, http.RequestAborted);
}
