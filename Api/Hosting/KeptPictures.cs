using MatchCluster.Api.Options;
using MatchCluster.Matching.Governance;
using MatchCluster.Matching.Storage;
using MatchCluster.Matching.Uses;

namespace MatchCluster.Api.Hosting;

/// <summary>Which galleries of a server keep pictures: only where records are encrypted.</summary>
internal static class KeptPictures
{
    /// <param name="options">What was said.</param>
    /// <param name="agreements">Whose policies say it; null where the option does.</param>
    /// <param name="isSealed">Whether records are encrypted.</param>
    /// <exception cref="StoreException">The option is not possible here.</exception>
    public static IPicturePolicy Of(ServerOptions options, Agreements? agreements, bool isSealed)
    {
        if (options.KeepPictures.Count > 0 && !isSealed)
        {
            throw new StoreException(
                "--keep-pictures: found no master key, wanted one: pictures are kept only where records are encrypted "
                + "(--master-key FILE, --master-key-env NAME or --master-key-command COMMAND)");
        }

        if (options.KeepPictures.Count > 0 && agreements is not null)
        {
            throw new StoreException(
                "--keep-pictures: found agreements too, wanted one of the two: with --agreements true the policy of a "
                + "gallery says it (keepsPictures), signed by two administrators");
        }

        if (options.KeepOpaque is not null && (!isSealed || agreements is not null))
        {
            throw new StoreException(!isSealed
                ? "--keep-opaque: found no master key, wanted one: items are kept only where records are encrypted "
                    + "(--master-key FILE, --master-key-env NAME or --master-key-command COMMAND)"
                : "--keep-opaque: found agreements too, wanted one of the two: with --agreements true an agreement "
                    + "says it (keepsOpaque), signed by two administrators");
        }

        return !isSealed ? NamedPictures.None
            : agreements is not null ? new AgreedPictures(agreements)
            : new NamedPictures(options.KeepPictures, options.KeepOpaque);
    }
}
