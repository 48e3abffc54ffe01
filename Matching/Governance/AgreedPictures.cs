using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Matching.Governance;

/// <summary>The galleries whose policies, signed by two administrators, say that they keep pictures.</summary>
/// <param name="agreements">What holds.</param>
public sealed class AgreedPictures(Agreements agreements) : IPicturePolicy
{
    /// <inheritdoc/>
    public bool MayKeep => true;

    /// <inheritdoc/>
    public async ValueTask<bool> KeepsAsync(IReadOnlyList<string> galleries, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(galleries);
        try
        {
            AgreementBook book = await agreements.BookAsync(cancel);
            return galleries.Count > 0
                && galleries.All(gallery => book.PolicyOf(gallery) is { KeepsPictures: true });
        }
        catch (StoreException)
        {
            return false;
        }
    }
}
