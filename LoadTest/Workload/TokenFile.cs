using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace MatchCluster.LoadTest.Workload;

/// <summary>Access tokens of callers, each in a file of its own. No part of one is ever printed.</summary>
internal static class TokenFile
{
    public const string Header = "Authorization";

    private const int MostCharacters = 8 * 1024;
    private const double MostShare = 1000;

    /// <summary>Reads the token of a file, without the blanks round it.</summary>
    public static bool TryRead(
        string path, [NotNullWhen(true)] out string? token, [NotNullWhen(false)] out string? error)
    {
        token = null;
        try
        {
            token = File.ReadAllText(path).Trim();
            error = token.Length is 0 or > MostCharacters
                ? $"{path}: found {token.Length} characters, wanted an access token of 1 to {MostCharacters}"
                : token.All(c => c is > ' ' and <= '~') ? null : $"{path}: found what is no access token";
        }
        catch (Exception unread) when (unread is IOException or UnauthorizedAccessException)
        {
            error = unread.Message;
        }

        return error is null;
    }

    /// <summary>Reads a partner that is written NAME=TOKENFILE or NAME=TOKENFILE:SHARE.</summary>
    /// <param name="text">What the command line says.</param>
    /// <param name="rest">The values of what is not said here.</param>
    /// <param name="partner">The partner; its share is not yet one of all.</param>
    /// <param name="error">What is wrong with it.</param>
    public static bool TryReadPartner(
        string text, LoadOptions rest, [NotNullWhen(true)] out Partner? partner,
        [NotNullWhen(false)] out string? error)
    {
        partner = null;
        string[] pair = text.Split('=', 2);
        string path = pair.Length == 2 ? pair[1] : "";
        double share = 1;
        int colon = path.LastIndexOf(':');
        if (colon > 0 && double.TryParse(
            path[(colon + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture, out double stated))
        {
            (path, share) = (path[..colon], stated);
        }

        if (pair[0].Length == 0 || path.Length == 0 || share is not (> 0 and <= MostShare))
        {
            error = $"--partner: found '{text}', wanted NAME=TOKENFILE or NAME=TOKENFILE:SHARE, the share above 0";
            return false;
        }

        if (!TryRead(path, out string? token, out error))
        {
            error = $"--partner: {error}";
            return false;
        }

        partner = new Partner
        {
            Name = pair[0],
            Share = share,
            Priority = rest.Priority,
            Mix = rest.Mix,
            Mated = rest.Mated,
            Fingers = rest.Fingers,
            Deadline = rest.Deadline,
            Headers = new Dictionary<string, string> { [Header] = $"Bearer {token}" },
        };
        return true;
    }
}
