using System.Numerics;
using MatchCluster.Matching.Galleries;
using MatchCluster.Matching.Model;

namespace MatchCluster.Matching.Tests.Galleries;

/// <summary>Sums of hashes: as numbers, whatever their order, and there and back.</summary>
public sealed class StateHashTests
{
    private static readonly BigInteger Modulus = BigInteger.Pow(2, 8 * StateHash.Bytes);

    [Fact]
    public void Sums_and_differences_are_those_of_numbers_modulo_2_to_256()
    {
        const int Seed = 31;
        Random dice = new(Seed);
        for (int round = 0; round < 2000; round++)
        {
            byte[] a = Bytes(dice);
            byte[] b = Bytes(dice);
            StateHash sum = new StateHash(a) + new StateHash(b);
            Assert.Equal((Number(a) + Number(b)) % Modulus, Number(Written(sum)));
            Assert.Equal(new StateHash(a), sum - new StateHash(b));
            Assert.Equal(default, new StateHash(a) - new StateHash(a));
            Assert.Equal(Convert.ToHexStringLower(a), new StateHash(a).ToString());
        }
    }

    /// <summary>Computed by another program.</summary>
    [Fact]
    public void The_part_of_an_encounter_is_frozen()
    {
        StateKey key = new([.. Enumerable.Range(0, StateHash.Bytes).Select(i => (byte)i)]);
        Guid record = new("00112233-4455-6677-8899-aabbccddeeff");
        Assert.Equal(
            "6022e3b2799b0dac7cf20342906fe5c4eb0ac3bdb4d1a20c132096776e9d635d",
            key.Of("P\u00e9", "E", record, isActive: true).ToString());
        Assert.NotEqual(
            key.Of("P\u00e9", "E", record, isActive: true), key.Of("P\u00e9", "E", record, isActive: false));
        Assert.NotEqual(key.Of("AB", "C", record, true), key.Of("A", "BC", record, true));
        Assert.NotEqual(
            key.Of(new string('x', 900), "E", record, true), key.Of(new string('x', 901), "E", record, true));
    }

    /// <summary>Half of the bytes are 00 or FF, so that carries run far.</summary>
    private static byte[] Bytes(Random dice) =>
        [.. Enumerable.Range(0, StateHash.Bytes).Select(_ => dice.Next(4) switch
        {
            0 => (byte)0,
            1 => (byte)255,
            _ => (byte)dice.Next(256),
        })];

    private static BigInteger Number(byte[] bytes) => new(bytes, isUnsigned: true);

    private static byte[] Written(StateHash hash)
    {
        byte[] bytes = new byte[StateHash.Bytes];
        hash.Write(bytes);
        return bytes;
    }
}
