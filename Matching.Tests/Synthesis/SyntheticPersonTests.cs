using System.Buffers.Binary;
using System.Security.Cryptography;
using MatchCluster.Matching.Model;
using MatchCluster.Matching.Synthesis;

namespace MatchCluster.Matching.Tests.Synthesis;

public sealed class SyntheticPersonTests
{
    /// <summary>
    /// Frozen: databases, load runs and figures made from a seed name the same people for ever. A change of
    /// the model is a new class beside this one, not a new hash here.
    /// </summary>
    [Theory]
    [InlineData(
        0UL, 0, "b27f20c5aa0a184e0924ab117f81dbe53dc7210c9b0632d42403f2269767808e")]
    [InlineData(
        1UL, 42, "115b6802db67cfa8e3589c85135f3c88b295b43ecb6ec39a10cd540377295a53")]
    [InlineData(
        0xfedcba9876543210UL, 12_345_678, "9d5853e852db9745a5bc9d7705a7f91e6dce56d3c77f8fec175ae26496b02c89")]
    public void People_are_frozen(ulong seed, int index, string golden)
    {
        Assert.Equal(golden, HashOf(new SyntheticPopulation(seed).Person(index)));
    }

    [Fact]
    public void A_person_does_not_depend_on_who_or_what_was_made_before()
    {
        var population = new SyntheticPopulation(5);
        string alone = HashOf(population.Person(7));
        var busy = new SyntheticPopulation(5);
        for (int i = 20; i >= 0; i--)
        {
            SyntheticPerson other = busy.Person(i);
            other.Finger(1 + (i % 10), i % 3);
            other.Iris(1 + (i % 2), i % 3, IrisShape.D2048);
        }

        SyntheticPerson person = busy.Person(7);
        person.Finger(10, 5);
        person.Iris(2, 9, IrisShape.W16384);
        person.Finger(1, 3);
        Assert.Equal(alone, HashOf(person));
        Assert.Equal(alone, HashOf(person));
    }

    [Fact]
    public void Seed_index_place_and_impression_all_matter()
    {
        SyntheticPerson person = new SyntheticPopulation(5).Person(0);
        FingerView view = person.Finger(2, 0);
        Assert.NotEqual(view.Minutiae, person.Finger(2, 1).Minutiae);
        Assert.NotEqual(view.Minutiae, person.Finger(3, 0).Minutiae);
        Assert.NotEqual(view.Minutiae, new SyntheticPopulation(5).Person(1).Finger(2, 0).Minutiae);
        Assert.NotEqual(view.Minutiae, new SyntheticPopulation(6).Person(0).Finger(2, 0).Minutiae);
        ulong[] code = Code(person, 1, 0);
        Assert.NotEqual(code, Code(person, 1, 1));
        Assert.NotEqual(code, Code(person, 2, 0));
        Assert.NotEqual(code, Code(new SyntheticPopulation(5).Person(1), 1, 0));
        Assert.NotEqual(code, Code(new SyntheticPopulation(6).Person(0), 1, 0));

        static ulong[] Code(SyntheticPerson person, int eye, int impression) =>
            person.Iris(eye, impression, IrisShape.D2048).Code.ToArray();
    }

    [Fact]
    public void People_have_ids_years_and_both_sexes()
    {
        var population = new SyntheticPopulation(5);
        SyntheticPerson[] people = [.. Enumerable.Range(0, 400).Select(population.Person)];
        Assert.Equal("SYN-00000042", people[42].PersonId);
        Assert.All(people, person => Assert.InRange(person.YearOfBirth, 1940, 2009));
        Assert.True(people.Select(person => person.YearOfBirth).Distinct().Count() > 60);
        Assert.InRange(people.Count(person => person.Sex == Sex.Female), 160, 240);
        Assert.DoesNotContain(people, person => person.Sex == Sex.Unknown);
    }

    [Fact]
    public void What_nobody_has_is_refused()
    {
        var population = new SyntheticPopulation(5);
        SyntheticPerson person = population.Person(0);
        Assert.Throws<ArgumentOutOfRangeException>(() => population.Person(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => person.Finger(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => person.Finger(11, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => person.Finger(1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => person.Iris(0, 0, IrisShape.D2048));
        Assert.Throws<ArgumentOutOfRangeException>(() => person.Iris(3, 0, IrisShape.D2048));
        ArgumentException wrong =
            Assert.Throws<ArgumentException>(() => person.Iris(1, 0, new IrisShape(7, 100, 1, 2)));
        Assert.Contains("7x100x1x2", wrong.Message, StringComparison.Ordinal);
    }

    /// <summary>
    /// SHA-256 over every value of a person's traits, fingers and irises in two impressions.
    /// </summary>
    private static string HashOf(SyntheticPerson person)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] number = new byte[8];
        Add((ulong)person.YearOfBirth);
        Add((ulong)person.Sex);
        for (int impression = 0; impression < 2; impression++)
        {
            for (int finger = 1; finger <= 10; finger++)
            {
                FingerView view = person.Finger(finger, impression);
                Add((ulong)view.Quality!.Value);
                foreach (Minutia minutia in view.Minutiae)
                {
                    Add(minutia.X | ((ulong)minutia.Y << 16) | ((ulong)minutia.Angle << 32)
                        | ((ulong)minutia.Quality << 48) | ((ulong)minutia.Kind << 56));
                }
            }

            foreach (IrisShape shape in new[] { IrisShape.D2048, IrisShape.W16384, IrisShape.OpenIris12800 })
            {
                IrisCode iris = person.Iris(1 + impression, impression, shape);
                Add((ulong)iris.Quality!.Value);
                iris.Code.ToArray().ToList().ForEach(Add);
                iris.Mask.ToArray().ToList().ForEach(Add);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Add(ulong value)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(number, value);
            hash.AppendData(number);
        }
    }
}
