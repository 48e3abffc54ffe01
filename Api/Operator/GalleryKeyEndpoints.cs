using MatchCluster.Api.Audit;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Callers;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Searching;
using MatchCluster.Matching.Keys;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Scatter;
using MatchCluster.Matching.Seam;
using Microsoft.AspNetCore.Http.HttpResults;

namespace MatchCluster.Api.Operator;

/// <summary>An administrator's calls: a gallery is deleted with its keys, and keys are rotated.</summary>
internal static class GalleryKeyEndpoints
{
    public static void Map(RouteGroupBuilder mc)
    {
        mc.MapDelete("/galleries/{galleryId}", DeleteAsync).WithName("deleteGallery").Needs(Scopes.Admin)
            .NeedsPerson();
        mc.MapDelete("/galleries/{galleryId}/pictures", ErasePicturesAsync).WithName("erasePictures")
            .Needs(Scopes.Admin).NeedsPerson();
        mc.MapPost("/galleries/{galleryId}/key", RotateAsync).WithName("rotateGalleryKey").Needs(Scopes.Admin)
            .NeedsPerson();
        mc.MapGet("/keys", ReadAsync).WithName("readKeys").Needs(Scopes.Admin);
        mc.MapPost("/keys/master", RewrapAsync).WithName("rotateMasterKey").Needs(Scopes.Admin)
            .NeedsPerson();
    }

    private static async Task<Results<Ok<DeletedGalleryAnswer>, ProblemFailed>> DeleteAsync(
        string galleryId, Backend backend, IPartitionDirectory directory, EncounterRoot root, HttpContext http)
    {
        AuditNotes.Of(http)?.Galleries([galleryId]);
        if (galleryId == Search.AllGalleries)
        {
            return new ProblemFailed(Failure.Invalid("galleryId", galleryId, "the name of one gallery"));
        }

        return await RunAsync<DeletedGalleryAnswer>(async () =>
        {
            DeletedGallery gone = await new GalleryDeletion(directory, root, backend.Keys)
                .RunAsync(galleryId, http.Budget());
            return Failure.Of(gone.Refusal, gone.Outage) is { } failure ? failure
                : new DeletedGalleryAnswer(gone.Deleted, gone.Left, gone.HadKey);
        });
    }

    private static async Task<Results<Ok<ErasedPicturesAnswer>, ProblemFailed>> ErasePicturesAsync(
        string galleryId, EncounterRoot root, HttpContext http)
    {
        AuditNotes.Of(http)?.Galleries([galleryId]);
        return await RunAsync<ErasedPicturesAnswer>(async () =>
        {
            ErasedPictures gone = await new PictureErasure(root).RunAsync(galleryId, http.Budget());
            return Failure.Of(gone.Refusal, gone.Outage) is { } failure ? failure
                : new ErasedPicturesAnswer(gone.Erased, gone.Held);
        });
    }

    private static async Task<Results<Ok<RotatedKeyAnswer>, ProblemFailed>> RotateAsync(
        string galleryId, Backend backend, HttpContext http)
    {
        AuditNotes.Of(http)?.Galleries([galleryId]);
        return await RunAsync<RotatedKeyAnswer>(async () =>
        {
            if (backend.Keys is null
                || await backend.Keys.RotateAsync(galleryId, http.RequestAborted) is not { } number)
            {
                return new Failure(FailureCode.Unknown, "the gallery has no key to rotate");
            }

            backend.Reseal?.Invoke();
            return new RotatedKeyAnswer(galleryId, number);
        });
    }

    private static Task<Results<Ok<KeysAnswer>, ProblemFailed>> ReadAsync(Backend backend, HttpContext http) =>
        RunAsync<KeysAnswer>(async () => KeysAnswer.Of(
            backend.Keys is { } keys ? await keys.ListAsync(http.RequestAborted) : null));

    private static Task<Results<Ok<KeysAnswer>, ProblemFailed>> RewrapAsync(Backend backend, HttpContext http) =>
        RunAsync<KeysAnswer>(async () =>
        {
            if (backend.Keys is not { } keys)
            {
                return new Failure(FailureCode.Unknown, "samples are stored in the clear: there is no master key");
            }

            await keys.RewrapAsync(http.RequestAborted);
            return KeysAnswer.Of(await keys.ListAsync(http.RequestAborted));
        });

    private static async Task<Results<Ok<T>, ProblemFailed>> RunAsync<T>(Func<Task<Parsed<T>>> run)
    {
        try
        {
            Parsed<T> answer = await run();
            return answer.IsFailed ? new ProblemFailed(answer.Failure) : TypedResults.Ok(answer.Value);
        }
        catch (KeyException)
        {
            // Its message names files of the machine that has the master key.
            return new ProblemFailed(Failure.Of(new Outage(
                "the keys cannot be used now: the master key cannot be read, or is another one than wraps them",
                MayRetry: true)));
        }
    }
}

/// <summary>What became of a gallery that was deleted.</summary>
/// <param name="Deleted">Encounters that were in no other gallery and are gone.</param>
/// <param name="Left">Encounters that are still in other galleries.</param>
/// <param name="KeyDestroyed">Whether it had keys, which are destroyed.</param>
internal sealed record DeletedGalleryAnswer(long Deleted, long Left, bool KeyDestroyed);

/// <summary>What became of the pictures of a gallery.</summary>
/// <param name="Erased">Encounters whose pictures are gone.</param>
/// <param name="Held">Encounters whose pictures stay, under a legal hold or in another partner's gallery too.</param>
internal sealed record ErasedPicturesAnswer(long Erased, long Held);

/// <param name="GalleryId">The gallery.</param>
/// <param name="Number">Number of its new key.</param>
internal sealed record RotatedKeyAnswer(string GalleryId, int Number);

/// <summary>The keys of the store. No key is in it.</summary>
/// <param name="MasterKey">Id of the master key that wraps them; null where samples are stored in the clear.</param>
/// <param name="Keys">One of each gallery, and older ones that still open records.</param>
internal sealed record KeysAnswer(string? MasterKey, IReadOnlyList<KeyAnswer> Keys)
{
    public static KeysAnswer Of(KeyList? list) => new(
        list?.MasterKeyId,
        [
            .. (list?.Keys ?? []).Where(key => key.Gallery.Length > 0).Select(key => new KeyAnswer(
                key.Gallery, key.Number, key.Created,
                key.State == KeyState.Closing ? "deleting" : key.IsCurrent ? "current" : "older")),
        ]);
}

/// <param name="GalleryId">Its gallery.</param>
/// <param name="Number">1 for the first, one more with every rotation.</param>
/// <param name="Created">When it was made.</param>
/// <param name="State">current, older (it opens what it sealed) or deleting.</param>
internal sealed record KeyAnswer(string GalleryId, int Number, DateTimeOffset Created, string State);
