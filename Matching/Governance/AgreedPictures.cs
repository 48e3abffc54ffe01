using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Governance;

/// <summary>
/// What agreements and policies of galleries, signed by two administrators, say of pictures and opaque items.
/// </summary>
/// <param name="agreements">What holds.</param>
public sealed class AgreedPictures(Agreements agreements) : IPicturePolicy
{
    /// <inheritdoc/>
    public bool MayKeep => true;

    /// <inheritdoc/>
    public ValueTask<bool> KeepsAsync(IReadOnlyList<string> galleries, CancellationToken cancel) =>
        AllAsync(galleries, policy => policy is { KeepsPictures: true }, cancel);

    /// <inheritdoc/>
    public async ValueTask<OpaqueLimits?> OpaqueAsync(Use use, UseRequest request, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(use);
        return (await agreements.DecideAsync(use with { Decided = null }, request, cancel)).Opaque;
    }

    /// <inheritdoc/>
    public ValueTask<bool> AllowsOpaqueAsync(IReadOnlyList<string> galleries, CancellationToken cancel) =>
        AllAsync(galleries, policy => policy is not { ForbidsOpaque: true }, cancel);

    private async ValueTask<bool> AllAsync(
        IReadOnlyList<string> galleries, Func<GalleryPolicy?, bool> wanted, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(galleries);
        try
        {
            AgreementBook book = await agreements.BookAsync(cancel);
            return galleries.Count > 0 && galleries.All(gallery => wanted(book.PolicyOf(gallery)));
        }
        catch (StoreException)
        {
            return false;
        }
    }
}
