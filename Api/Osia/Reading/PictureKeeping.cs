using MatchCluster.Api.Http.Callers;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Osia.Reading;

/// <summary>
/// Whether pictures and opaque items of an encounter that is sent are handed on to be kept. The engine decides again
/// when it writes (<see cref="IPicturePolicy"/>); asked here, others need not be carried there.
/// </summary>
internal static class PictureKeeping
{
    public static async ValueTask NoteKeepingAsync(
        this NotStored notes, IReadOnlyList<string>? galleries, HttpContext http)
    {
        if (galleries is not { Count: > 0 } || galleries.Contains(null) || http.Use().NoRetain
            || http.RequestServices.GetService<IPicturePolicy>() is not { } policy)
        {
            return;
        }

        notes.KeepsPictures = await policy.KeepsAsync(galleries, http.RequestAborted);

        // Who may change an encounter of a gallery may enrol in it too.
        notes.Opaque = await policy.OpaqueAsync(
            http.Use(), new UseRequest(Operation.Enrol, galleries), http.RequestAborted);
    }
}
