using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Api.Http.Failures;

namespace MatchCluster.Api.Http.Access;

/// <summary>Which certificate belongs to which partner, and what it may do: a JSON file.</summary>
internal sealed class PartnerList
{
    private const int ThumbprintDigits = 64;

    private readonly Dictionary<string, Caller> byThumbprint = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Caller> bySubject = new(StringComparer.Ordinal);

    private PartnerList()
    {
    }

    /// <param name="json">The file's text.</param>
    /// <param name="hasAuthority">
    /// Whether an authority vouches for subjects; anybody can write a certificate with any subject.
    /// </param>
    /// <exception cref="InvalidDataException">It is no list of partners; the message says where and why.</exception>
    public static PartnerList Read(string json, bool hasAuthority)
    {
        PartnerList list = new();
        PartnerLine?[] lines = LinesOf(json);
        for (int i = 0; i < lines.Length; i++)
        {
            PartnerLine line = lines[i] ?? new PartnerLine(null, null, null, null);
            if (ProblemOf(line, hasAuthority) is { } problem)
            {
                throw new InvalidDataException($"partners[{i}]: {problem}");
            }

            Caller caller = new(
                line.Id!, line.Id!, CallerKind.Client, Scopes.Read(string.Join(' ', line.Scopes!))!);
            bool isNew = line.Sha256 is { } thumbprint
                ? list.byThumbprint.TryAdd(Plain(thumbprint), caller)
                : list.bySubject.TryAdd(NameOf(line.Subject!)!, caller);
            if (!isNew)
            {
                throw new InvalidDataException($"partners[{i}]: found a certificate that an earlier partner has");
            }
        }

        return list;
    }

    /// <summary>Whose certificate it is; null where nobody's.</summary>
    public Caller? Find(string thumbprint, X509Certificate2 certificate) =>
        byThumbprint.GetValueOrDefault(thumbprint) ?? bySubject.GetValueOrDefault(certificate.Subject);

    private static PartnerLine?[] LinesOf(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PartnerJson.Default.PartnerFile)?.Partners
                ?? throw new InvalidDataException("found null, wanted an object with an array partners");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException(JsonFailures.Of(wrong).Message, wrong);
        }
    }

    private static string? ProblemOf(PartnerLine line, bool hasAuthority) =>
        !Caller.IsName(line.Id)
            ? $"id: wanted 1..{Caller.LongestName} printable ASCII characters without blanks"
        : (line.Sha256 is null) == (line.Subject is null)
            ? "wanted either sha256, the thumbprint of the certificate, or its subject"
        : line.Sha256 is { } thumbprint
            && (Plain(thumbprint).Length != ThumbprintDigits || !Plain(thumbprint).All(char.IsAsciiHexDigit))
            ? $"sha256: wanted {ThumbprintDigits} hexadecimal digits"
        : line.Subject is not null && !hasAuthority
            ? "found a subject, wanted sha256: without --client-ca nobody vouches for subjects"
        : line.Subject is { } subject && NameOf(subject) is null
            ? "subject: found no distinguished name, wanted one such as 'CN=border, O=Agency'"
        : line.Scopes is null || Scopes.Read(string.Join(' ', line.Scopes)) is null
            ? $"scopes: wanted some of {string.Join(", ", Scopes.All)}"
        : null;

    /// <summary>A subject in the one form of certificates' subjects here; null where it is none.</summary>
    private static string? NameOf(string subject)
    {
        try
        {
            // A name that was made of text keeps that text; one that was made of bytes is printed as certificates are.
            byte[] encoded = new X500DistinguishedName(subject).RawData;
            return new X500DistinguishedName(encoded).Name is { Length: > 0 } name ? name : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>A thumbprint as other programs print it, without colons.</summary>
    private static string Plain(string thumbprint) => thumbprint.Replace(":", "", StringComparison.Ordinal);
}

internal sealed record PartnerFile(PartnerLine?[]? Partners);

/// <param name="Id">The partner.</param>
/// <param name="Sha256">SHA-256 of its certificate in DER, hexadecimal.</param>
/// <param name="Subject">The subject of its certificate (RFC 2253), the most particular part first.</param>
/// <param name="Scopes">What it may do.</param>
internal sealed record PartnerLine(string? Id, string? Sha256, string? Subject, string[]? Scopes);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PartnerFile))]
internal sealed partial class PartnerJson : JsonSerializerContext;
