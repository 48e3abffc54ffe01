using System.Text.Json;
using System.Text.Json.Serialization;
using MatchCluster.Api.Http.Access;
using MatchCluster.Api.Http.Failures;
using JsonWebKey = Microsoft.IdentityModel.Tokens.JsonWebKey;

namespace MatchCluster.Api.Osia.Protection;

/// <summary>Which protections there are; any of them together.</summary>
[Flags]
internal enum Protections
{
    None = 0,

    Encryption = 1,

    Signature = 2,
}

/// <summary>The words for protections, in files and headers.</summary>
internal static class ProtectionWords
{
    public const string All = $"{Encryption}, {Signature}";

    private const string Encryption = "encryption";
    private const string Signature = "signature";

    /// <summary>The protections of some words; null where one is none.</summary>
    public static Protections? Read(IEnumerable<string?> words)
    {
        Protections read = Protections.None;
        foreach (string? word in words)
        {
            if (word is not (Encryption or Signature))
            {
                return null;
            }

            read |= word == Encryption ? Protections.Encryption : Protections.Signature;
        }

        return read;
    }

    public static string Of(Protections all) => all switch
    {
        Protections.Encryption => Encryption,
        Protections.Signature => Signature,
        _ => All,
    };
}

/// <summary>One partner: its public keys, and what is agreed with it.</summary>
/// <param name="Encryption">What answers are encrypted for: the first such key; null where it has none.</param>
/// <param name="Signing">What its signatures are checked with.</param>
/// <param name="Requires">What its biometric data must have.</param>
/// <param name="Answers">What answers with biometric data get though it does not ask.</param>
internal sealed record PayloadPartner(
    PayloadKey? Encryption, IReadOnlyList<PayloadKey> Signing, Protections Requires, Protections Answers)
{
    /// <summary>A partner of whom nothing is known.</summary>
    public static PayloadPartner Unknown { get; } = new(null, [], Protections.None, Protections.None);

    /// <summary>Whether it has an entry.</summary>
    public bool IsKnown => !ReferenceEquals(this, Unknown);
}

/// <summary>The partners' public keys and what their data must have: a JSON file.</summary>
internal sealed class PartnerKeys
{
    private readonly Dictionary<string, PayloadPartner> partners = new(StringComparer.Ordinal);

    private PartnerKeys()
    {
    }

    /// <param name="json">The file's text.</param>
    /// <exception cref="InvalidDataException">It is no list of partners; the message says where and why.</exception>
    public static PartnerKeys Read(string json)
    {
        PartnerKeys read = new();
        PayloadPartnerLine?[] lines = LinesOf(json);
        for (int i = 0; i < lines.Length; i++)
        {
            PayloadPartnerLine line = lines[i] ?? new PayloadPartnerLine(null, null, null, null);
            try
            {
                if (!read.partners.TryAdd(line.Id ?? "", Of(line)))
                {
                    throw new InvalidDataException("id: found one that an earlier partner has");
                }
            }
            catch (InvalidDataException wrong)
            {
                throw new InvalidDataException($"partners[{i}]: {wrong.Message}", wrong);
            }
        }

        return read;
    }

    /// <summary>The partner of a name.</summary>
    public PayloadPartner Find(string partner) => partners.GetValueOrDefault(partner, PayloadPartner.Unknown);

    private static PayloadPartnerLine?[] LinesOf(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, PayloadPartnerJson.Default.PayloadPartnerFile)?.Partners
                ?? throw new InvalidDataException("found null, wanted an object with an array partners");
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException(JsonFailures.Of(wrong).Message, wrong);
        }
    }

    private static PayloadPartner Of(PayloadPartnerLine line)
    {
        if (!Caller.IsName(line.Id))
        {
            throw new InvalidDataException(
                $"id: wanted 1..{Caller.LongestName} printable ASCII characters without blanks");
        }

        IReadOnlyList<PayloadKey> keys = PayloadKeys.Of((line.Keys ?? []).Select(KeyOf), isPrivate: false);
        PayloadPartner partner = new(
            keys.FirstOrDefault(key => key.Use == KeyUse.Encryption),
            [.. keys.Where(key => key.Use == KeyUse.Signature)],
            WordsOf("requires", line.Requires), WordsOf("answers", line.Answers));
        return partner.Requires.HasFlag(Protections.Signature) && partner.Signing.Count == 0
            ? throw new InvalidDataException("requires: found signature, but no key with use sig")
            : partner.Answers.HasFlag(Protections.Encryption) && partner.Encryption is null
            ? throw new InvalidDataException("answers: found encryption, but no key with use enc")
            : partner;
    }

    private static JsonWebKey KeyOf(JsonElement key)
    {
        try
        {
            return new JsonWebKey(key.GetRawText());
        }
        catch (Exception wrong) when (wrong is ArgumentException or JsonException)
        {
            throw new InvalidDataException("keys: found one that is no JWK (RFC 7517)", wrong);
        }
    }

    private static Protections WordsOf(string name, string[]? words) =>
        ProtectionWords.Read(words ?? [])
        ?? throw new InvalidDataException($"{name}: wanted some of {ProtectionWords.All}");
}

internal sealed record PayloadPartnerFile(PayloadPartnerLine?[]? Partners);

/// <param name="Id">The partner, as its token or its certificate names it.</param>
/// <param name="Keys">Its public keys (RFC 7517), with kid and use.</param>
/// <param name="Requires">What its biometric data must have.</param>
/// <param name="Answers">What answers with biometric data get though it does not ask.</param>
internal sealed record PayloadPartnerLine(string? Id, JsonElement[]? Keys, string[]? Requires, string[]? Answers);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false)]
[JsonSerializable(typeof(PayloadPartnerFile))]
internal sealed partial class PayloadPartnerJson : JsonSerializerContext;
