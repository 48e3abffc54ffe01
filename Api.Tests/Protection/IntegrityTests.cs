using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Jose;
using MatchCluster.Api.Http.Failures;
using MatchCluster.Api.Osia.Protection;
using MatchCluster.Matching.Audit;

namespace MatchCluster.Api.Tests.Protection;

/// <summary>Hashes and signatures inside of bodies: what they are over, and whose they must be.</summary>
public sealed class IntegrityTests : IDisposable
{
    private const string Scope = "biometricType biometricSubType template templateFormat";

    private readonly TestKeys keys = new();

    public void Dispose() => keys.Dispose();

    /// <summary>The examples of OSIA 7.1, "Confidentiality and Integrity".</summary>
    [Theory]
    [InlineData(
        """{"biometricType":"FINGER","biometricSubType":"RIGHT_INDEX","image":"SU1B","vendor":"SIA"}""",
        "image biometricType biometricSubType",
        """{"biometricSubType":"RIGHT_INDEX","biometricType":"FINGER","image":"SU1B"}""")]
    [InlineData(
        """{"documentType":"FORM","parts":[{"pages":[1,2],"data":"c3","x":1},{"pages":[3],"data":"c3"}]}""",
        "documentType parts[*].pages parts[*].data",
        """{"documentType":"FORM","parts":[{"data":"c3","pages":[1,2]},{"data":"c3","pages":[3]}]}""")]
    [InlineData(
        """{"b":[{"integrity":[{"id":"2","hash":"n"},{"id":"1","hash":"7a"}]},{"c":[]}],"n":{"f":"A","l":"S"}}""",
        "n.f $.n['l'] b[*].integrity[?@.id=='1'].hash",
        """{"b":[{"integrity":[{"hash":"7a"}]}],"n":{"f":"A","l":"S"}}""")]
    [InlineData("""{"a":[{"x":1},{"x":2}],"b":null}""", "a[1].x b c", """{"a":[{"x":2}],"b":null}""")]
    [InlineData("""{"a":{"x":1,"y":{"z":2}}}""", "a.y a.y.z a.*", """{"a":{"x":1,"y":{"z":2}}}""")]
    [InlineData("""{"a":1}""", "b", "{}")]
    public void A_scope_limits_a_body_as_OSIA_shows(string body, string scope, string expected)
    {
        JsonObject holder = JsonNode.Parse(body)!.AsObject();
        IReadOnlyList<ScopePath> paths = ScopePath.ReadAll(scope, "scope").Value!;
        JsonNode? limited = ScopePath.Limit(holder, paths, new ScopeWork(), (_, _) => { });
        Assert.Equal(expected, Encoding.UTF8.GetString(CanonicalJson.Encode(limited ?? new JsonObject())));
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(expected))),
            IntegrityBlock.HashOf(holder, paths));
    }

    [Theory]
    [InlineData("$")]
    [InlineData("..template")]
    [InlineData("a[1:2]")]
    [InlineData("a[-1]")]
    [InlineData("a[?@.id=='1'")]
    [InlineData("a[?@.id>1]")]
    [InlineData("a..b")]
    [InlineData("a.")]
    [InlineData("a b c] d")]
    [InlineData("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a")]
    public void A_path_that_is_not_read_is_refused_and_not_guessed_at(string scope)
    {
        Failure failure = ScopePath.ReadAll(scope, "scope").Failure!;
        Assert.Equal(FailureCode.ProtectionMalformed, failure.Code);
    }

    [Theory]
    [InlineData(JwsAlgorithm.ES256, "P-256")]
    [InlineData(JwsAlgorithm.ES384, "P-384")]
    [InlineData(JwsAlgorithm.ES512, "P-521")]
    [InlineData(JwsAlgorithm.PS256, null)]
    [InlineData(JwsAlgorithm.PS512, null)]
    [InlineData(JwsAlgorithm.RS256, null)]
    public void The_allowed_algorithms_are_verified(JwsAlgorithm algorithm, string? curve)
    {
        using TestKey key = curve is null ? TestKey.Rsa("s", "sig") : TestKey.Curve("s", "sig", curve);
        JsonObject item = Bodies.Finger(1, 2);
        item["integrity"] = new JsonArray(key.Sign(item, Scope, algorithm));
        Assert.Null(Open(Body(item), PartnerOf(key)));
    }

    [Fact]
    public void What_another_implementation_signed_is_verified()
    {
        JsonNode written = JsonNode.Parse(File.ReadAllText(Vectors.File))!;
        PayloadPartner partner = PartnerKeys.Read(new JsonObject
        {
            ["partners"] = new JsonArray(
                new JsonObject { ["id"] = "p", ["keys"] = written["partner"]!.DeepClone() }),
        }.ToJsonString()).Find("p");
        JsonObject item = written["item"]!.AsObject();
        Assert.Equal(2, item["integrity"]!.AsArray().Count);
        Assert.Null(Open(Body(item.DeepClone().AsObject()), partner));
        item["vendor"] = "not in the scope";
        Assert.Null(Open(Body(item.DeepClone().AsObject()), partner));
        item["biometricSubType"] = "LEFT_INDEX";
        Assert.Equal(FailureCode.SignatureRefused, Open(Body(item.DeepClone().AsObject()), partner)!.Code);
    }

    [Theory]
    [InlineData("SHA384")]
    [InlineData("SHA-512")]
    public void Longer_hashes_and_base64_are_read(string name)
    {
        JsonObject item = Bodies.Finger(1, 2);
        byte[] text = CanonicalJson.Encode(new JsonObject { ["template"] = (string)item["template"]! });
        byte[] digest = name == "SHA384" ? SHA384.HashData(text) : SHA512.HashData(text);
        foreach (string hash in (string[])
            [Convert.ToHexString(digest), Convert.ToBase64String(digest), Base64Url.Encode(digest)])
        {
            item["integrity"] = new JsonArray(
                new JsonObject { ["scope"] = "template", ["alg"] = name, ["hash"] = hash });
            Assert.Null(Open(Body(item.DeepClone().AsObject()), PayloadPartner.Unknown));
        }
    }

    [Theory]
    [InlineData("alg", "\"MD5\"", (int)FailureCode.ProtectionMalformed, "alg: found 'MD5', wanted SHA256")]
    [InlineData("alg", null, (int)FailureCode.ProtectionMalformed, "alg: found nothing")]
    [InlineData("hash", "\"00\"", (int)FailureCode.SignatureRefused, "hash: it is not the hash")]
    [InlineData("hash", "7", (int)FailureCode.ProtectionMalformed, "hash: a value of another type")]
    [InlineData("scope", "\"template vendor['x\"", (int)FailureCode.ProtectionMalformed, "wanted paths such as")]
    [InlineData("scope", "\"\"", (int)FailureCode.ProtectionMalformed, "found 0 paths")]
    [InlineData("scope", "\"$\"", (int)FailureCode.ProtectionMalformed, "wanted paths such as")]
    [InlineData("type", "\"PKCS7\"", (int)FailureCode.UnsupportedBiometricData, "found 'PKCS7', wanted JWS or NONE")]
    [InlineData("type", "\"NONE\"", (int)FailureCode.ProtectionMalformed, "found one, but type is not JWS")]
    [InlineData("signature", null, (int)FailureCode.ProtectionMalformed, "found none, but type is JWS")]
    [InlineData("signatureRef", "\"http://x\"", (int)FailureCode.UnsupportedBiometricData, "not fetched")]
    [InlineData("followRef", "true", (int)FailureCode.UnsupportedBiometricData, "not fetched")]
    [InlineData("encrypted", "\"yes\"", (int)FailureCode.ProtectionMalformed, "another type")]
    [InlineData("Signature", "\"x\"", (int)FailureCode.ProtectionMalformed, "found 'Signature'")]
    [InlineData("signature", "\"a.b\"", (int)FailureCode.ProtectionMalformed, "found 2 parts")]
    public void A_block_is_read_strictly(string name, string? value, int code, string expected)
    {
        JsonObject item = Bodies.Finger(1, 2);
        JsonObject block = keys.PartnerSigns.Sign(item, Scope);
        block.Remove(name);
        if (value is not null)
        {
            block[name] = JsonNode.Parse(value);
        }

        item["integrity"] = new JsonArray(block);
        Failure failure = Open(Body(item), PartnerOf(keys.PartnerSigns))!;
        Assert.Equal(code, (int)failure.Code);
        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("biometricData[0].integrity[0]", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_of_another_partner_is_none()
    {
        JsonObject item = Bodies.Finger(1, 2);
        item["integrity"] = new JsonArray(keys.OtherSigns.Sign(item, Scope));
        PayloadPartner partner = PartnerOf(keys.PartnerSigns);
        Assert.Contains("kid: found 'b-sign'", Open(Body(item.DeepClone().AsObject()), partner)!.Message,
            StringComparison.Ordinal);

        // Under the right key id it is simply wrong.
        using TestKey forged = TestKey.Curve(keys.PartnerSigns.Kid, "sig");
        item["integrity"] = new JsonArray(forged.Sign(Plain(item), Scope));
        Assert.Equal(FailureCode.SignatureRefused, Open(Body(item.DeepClone().AsObject()), partner)!.Code);
        Assert.Contains("no key is known", Open(Body(item), PayloadPartner.Unknown)!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_public_key_as_a_shared_secret_and_none_are_refused()
    {
        JsonObject item = Bodies.Finger(1, 2);
        JsonObject block = keys.PartnerSigns.Sign(item, Scope);
        byte[] hash = Encoding.ASCII.GetBytes((string)block["hash"]!);
        byte[] secret = Encoding.UTF8.GetBytes(keys.PartnerSigns.Public.ToJsonString());
        Dictionary<string, object> named = new() { ["kid"] = keys.PartnerSigns.Kid };
        string unsigned = Base64Url.Encode(Encoding.UTF8.GetBytes("""{"alg":"none","kid":"a-sign"}"""));
        foreach ((string token, string expected) in ((string, string)[])
            [
                (JWT.EncodeBytes(hash, secret, JwsAlgorithm.HS256, named), "alg: found 'HS256', wanted one of RS256"),
                ($"{unsigned}..", "alg: found 'none'"),
                ($"{unsigned}.{Base64Url.Encode(hash)}.", "alg: found 'none'"),
            ])
        {
            block["signature"] = token;
            item["integrity"] = new JsonArray(block.DeepClone());
            Assert.Contains(expected, Open(Body(item.DeepClone().AsObject()), PartnerOf(keys.PartnerSigns))!.Message,
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_signature_of_another_hash_is_refused_with_its_content_and_without()
    {
        JsonObject item = Bodies.Finger(1, 2);
        JsonObject other = Bodies.Finger(2, 2);
        foreach (bool isDetached in (bool[])[true, false])
        {
            JsonObject block = TestKey.Hash(item, Scope);
            block["type"] = "JWS";
            block["signature"] = JWT.EncodeBytes(
                Encoding.ASCII.GetBytes((string)TestKey.Hash(other, Scope)["hash"]!), keys.PartnerSigns.Key,
                JwsAlgorithm.ES256, new Dictionary<string, object> { ["kid"] = keys.PartnerSigns.Kid },
                options: new JwtOptions { DetachPayload = isDetached });
            item["integrity"] = new JsonArray(block);
            Failure failure = Open(Body(Plain(item, block)), PartnerOf(keys.PartnerSigns))!;
            Assert.Equal(FailureCode.SignatureRefused, failure.Code);
            Assert.Contains("signature", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_hash_before_the_encryption_and_one_after_it_are_both_held()
    {
        JsonObject item = Bodies.Finger(1, 2);
        JsonObject before = keys.PartnerSigns.Sign(item, Scope);
        TestKeys.Encrypt(item, keys.ServerEc, "template");
        JsonObject after = keys.PartnerSigns.Sign(item, Scope);
        after["encrypted"] = true;
        item["integrity"] = new JsonArray(before, after);
        Assert.Null(Open(Body(item.DeepClone().AsObject()), PartnerOf(keys.PartnerSigns)));
        after["encrypted"] = false;
        Assert.Contains("integrity[1].hash", Open(Body(item), PartnerOf(keys.PartnerSigns))!.Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Scope, null)]
    [InlineData("template templateFormat biometricType", "biometricSubType")]
    [InlineData("biometricType biometricSubType templateFormat", "template")]
    [InlineData("vendor", "biometricType")]
    public void A_partner_that_must_sign_signs_what_decides(string scope, string? missing)
    {
        JsonObject item = Bodies.Finger(1, 2);
        item["integrity"] = new JsonArray(keys.PartnerSigns.Sign(item, scope));
        PayloadPartner partner = PartnerOf(keys.PartnerSigns) with { Requires = Protections.Signature };
        Failure? failure = Open(Body(item), partner);
        Assert.Equal(missing is null ? null : FailureCode.ProtectionMissing, failure?.Code);
        string place = failure?.Message.Split(':')[0] ?? "";
        Assert.Equal(missing is null ? "" : $"biometricData[0].{missing}", place);
        Assert.Equal(FailureCode.ProtectionMissing, Open(Body(Bodies.Finger(1, 2)), partner)!.Code);
    }

    /// <summary>OSIA's global integrity: the items have hashes, and the whole a signature over those.</summary>
    [Fact]
    public void A_signature_over_the_hashes_of_items_is_one_over_the_items()
    {
        JsonObject body = Body(Bodies.Finger(1, 2), Bodies.Finger(1, 3));
        foreach (JsonObject item in body["biometricData"]!.AsArray().Cast<JsonObject>())
        {
            JsonObject hashed = TestKey.Hash(item, Scope);
            hashed["id"] = "1";
            item["integrity"] = new JsonArray(hashed);
        }

        const string all = "biometricData[*].integrity[?@.id=='1'].hash";
        string hash = IntegrityBlock.HashOf(body, ScopePath.ReadAll(all, "scope").Value!);
        JsonObject block = keys.PartnerSigns.Sign(new JsonObject(), "none");
        block["scope"] = all;
        block["hash"] = hash;
        block["signature"] = JWT.EncodeBytes(
            Encoding.ASCII.GetBytes(hash), keys.PartnerSigns.Key, JwsAlgorithm.ES256,
            new Dictionary<string, object> { ["kid"] = keys.PartnerSigns.Kid });
        body["integrity"] = new JsonArray(block);
        PayloadPartner partner = PartnerOf(keys.PartnerSigns) with { Requires = Protections.Signature };
        Assert.Null(Open(body.DeepClone().AsObject(), partner));

        // An item exchanged with its own good hash breaks the signature over the hashes.
        JsonObject exchanged = Bodies.Finger(9, 2);
        JsonObject good = TestKey.Hash(exchanged, Scope);
        good["id"] = "1";
        exchanged["integrity"] = new JsonArray(good);
        body["biometricData"]!.AsArray()[0] = exchanged;
        Assert.Equal("integrity[0].hash", Open(body.DeepClone().AsObject(), partner)!.Message.Split(':')[0]);

        // And one beside them is under no signature.
        body["biometricData"]!.AsArray()[0] = new JsonObject();
        Assert.NotNull(Open(body, partner));
    }

    /// <summary>Whoever came by the JWE of somebody else can sign it, but not what is in it.</summary>
    [Fact]
    public void A_signature_over_a_JWE_is_none_over_what_is_in_it()
    {
        PayloadPartner partner = PartnerOf(keys.PartnerSigns) with { Requires = Protections.Signature };
        JsonObject item = TestKeys.Encrypt(Bodies.Finger(1, 2), keys.ServerEc, "template");
        JsonObject block = keys.PartnerSigns.Sign(item, Scope);
        block["encrypted"] = true;
        item["integrity"] = new JsonArray(block);
        Assert.StartsWith("biometricData[0].template: found no signature",
            Open(Body(item), partner)!.Message, StringComparison.Ordinal);

        // Of what was sent in clear it is one.
        item = Bodies.Finger(1, 2);
        block = keys.PartnerSigns.Sign(item, Scope);
        block["encrypted"] = true;
        item["integrity"] = new JsonArray(block);
        Assert.Null(Open(Body(item), partner));
    }

    /// <summary>Otherwise a partner could have another's JWE opened as data of a client, and read it back.</summary>
    [Fact]
    public void Whatever_is_encrypted_must_be_signed_too()
    {
        PayloadPartner partner = PartnerOf(keys.PartnerSigns) with { Requires = Protections.Signature };
        JsonObject item = Bodies.Finger(1, 2);
        item["integrity"] = new JsonArray(keys.PartnerSigns.Sign(item, Scope));
        JsonObject body = Body(item);
        body["biographicData"] = new JsonObject { ["gender"] = "F", ["names"] = new JsonArray("a", null) };
        JsonObject part = keys.PartnerSigns.Sign(body, "biographicData");
        TestKeys.Encrypt(body, keys.ServerEc, "biographicData");
        Failure failure = Open(body.DeepClone().AsObject(), partner)!;
        Assert.Equal(FailureCode.ProtectionMissing, failure.Code);
        Assert.StartsWith("biographicData.gender: found no signature", failure.Message, StringComparison.Ordinal);
        body["integrity"] = new JsonArray(part);
        Assert.Null(Open(body, partner));

        // An item that is encrypted as a whole, with its signature in it.
        item = Bodies.Finger(1, 2);
        item["integrity"] = new JsonArray(keys.PartnerSigns.Sign(item, Scope));
        body = new JsonObject
        {
            ["biometricData"] = new JsonArray(keys.ServerEc.Seal(Encoding.UTF8.GetBytes(item.ToJsonString()))),
            ["encryption"] = new JsonObject { ["type"] = "JWE", ["scope"] = "biometricData[0]" },
        };
        Assert.Null(Open(body, partner));
    }

    [Fact]
    public void A_partner_that_must_encrypt_encrypts_every_buffer()
    {
        PayloadPartner partner = PayloadPartner.Unknown with { Requires = Protections.Encryption };
        JsonObject item = TestKeys.Encrypt(Bodies.Finger(1, 2), keys.ServerEc, "template");
        Assert.Null(Open(Body(item.DeepClone().AsObject()), partner));
        Failure failure = Open(Body(item, Bodies.Finger(1, 3)), partner)!;
        Assert.Equal(FailureCode.ProtectionMissing, failure.Code);
        Assert.StartsWith("biometricData[1].template: found it in clear", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_work_for_one_body_is_bounded()
    {
        JsonObject body = Body();
        JsonArray many = new([.. Enumerable.Range(0, 60_000).Select(i => (JsonNode)i)]);
        body["biographicData"] = new JsonObject { ["x"] = many };
        JsonObject block = TestKey.Hash(body, "a");
        block["scope"] = string.Join(' ', Enumerable.Range(0, 64).Select(i => $"biographicData.x[*].a{i}"));
        body["integrity"] = new JsonArray(block, block.DeepClone());
        FailureException tooMuch = Assert.Throws<FailureException>(() => { Open(body, PayloadPartner.Unknown); });
        Assert.Equal(FailureCode.ProtectionMalformed, tooMuch.Failure.Code);

        body = Body(Bodies.Finger(1, 2));
        body["integrity"] = new JsonArray([.. Enumerable.Range(0, 9).Select(_ => block.DeepClone())]);
        Assert.Contains("at most 8", Open(body, PayloadPartner.Unknown)!.Message, StringComparison.Ordinal);
    }

    private Failure? Open(JsonObject body, PayloadPartner partner) =>
        new ProtectedBody(OwnKeys.Read(File.ReadAllText(keys.OwnFile)), partner).Open(body);

    private static JsonObject Body(params JsonObject[] items) =>
        new() { ["biometricData"] = new JsonArray([.. items]) };

    private static JsonObject Plain(JsonObject item, JsonNode? block = null)
    {
        JsonObject plain = item.DeepClone().AsObject();
        plain.Remove("integrity");
        if (block is not null)
        {
            plain["integrity"] = new JsonArray(block.DeepClone());
        }

        return plain;
    }

    private static PayloadPartner PartnerOf(TestKey key) => PartnerKeys.Read(new JsonObject
    {
        ["partners"] = new JsonArray(new JsonObject { ["id"] = "p", ["keys"] = new JsonArray(key.Public) }),
    }.ToJsonString()).Find("p");
}
